import { assert, assertEquals } from "@std/assert";
import type { HostLog } from "./internal/host_log.ts";
import { WakeWatch } from "./wake_watch.ts";

Deno.test("WakeWatch.look() speaks when the state changes and not again", () => {
  const lines: string[] = [];
  const log = {
    info: (text: string) => lines.push(`info ${text}`),
    warn: (text: string) => lines.push(`warn ${text}`),
  } as unknown as HostLog;
  const watch = new WakeWatch(log);
  watch.look("event");
  assertEquals(lines, []);
  for (let i = 0; i < 3; i++) watch.look("hostCannot");
  watch.look("serviceCannot");
  watch.look("event");
  assertEquals(lines.map((line) => line.slice(0, 4)), ["warn", "warn", "info"]);
  assert(lines[0]!.includes("the host cannot use the event"), lines[0]);
  assert(lines[1]!.includes("the remote access service cannot"), lines[1]);
});
