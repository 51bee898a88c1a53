import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { retryAfterMs } from "./retry_after_ms.ts";

Deno.test("retryAfterMs() gives milliseconds when it is seconds or a date", () => {
  const now = Date.UTC(2026, 10, 22, 10, 0, 0);
  assertEquals(retryAfterMs("0", now), 0);
  assertEquals(retryAfterMs(" 120 ", now), 120_000);
  assertEquals(retryAfterMs("Sun, 22 Nov 2026 10:00:30 GMT", now), 30_000);
  assertEquals(retryAfterMs("Sun, 22 Nov 2026 09:00:00 GMT", now), 0);
});

Deno.test("retryAfterMs() asks for nothing when it cannot be read", () => {
  for (const value of [null, "", "-1", "1.5", "1e3", "soon", "2026-11-22", "99999999999"]) {
    assertEquals(retryAfterMs(value, 0), undefined, `${value}`);
  }
});

Deno.test("retryAfterMs() is a bounded number or undefined when the header is arbitrary", () => {
  fc.assert(fc.property(fc.string(), (value) => {
    const ms = retryAfterMs(value, 0);
    assert(ms === undefined || (Number.isSafeInteger(ms) && ms >= 0));
  }));
});
