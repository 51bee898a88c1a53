import { assertRejects } from "@std/assert";
import { realMachine } from "./machine.ts";

Deno.test("realMachine.sleep() ends when the time is over, and rejects when it is aborted", async () => {
  const controller = new AbortController();
  await realMachine.sleep(1, controller.signal);
  const sleeping = realMachine.sleep(3_600_000, controller.signal);
  controller.abort();
  await assertRejects(() => sleeping, DOMException);
  await assertRejects(() => realMachine.sleep(3_600_000, controller.signal), DOMException);
});
