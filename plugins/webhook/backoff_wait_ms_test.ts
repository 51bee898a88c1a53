import { assert } from "@std/assert";
import fc from "fast-check";
import { backoffWaitMs } from "./backoff_wait_ms.ts";

Deno.test("backoffWaitMs() stays between half and whole of the doubled wait for any chance", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: 10, max: 60_000 }),
    fc.integer({ min: 10, max: 600_000 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    (attempts, backoffMs, waitMaxMs, random) => {
      const wait = backoffWaitMs({ attempts, backoffMs, waitMaxMs, random });
      const full = Math.min(waitMaxMs, backoffMs * 2 ** (attempts - 1));
      assert(wait >= Math.floor(full / 2) && wait <= full, `${wait} of ${full}`);
    },
  ));
});
