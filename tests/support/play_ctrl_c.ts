import { assert, assertEquals } from "@std/assert";
import { ROOT } from "./host_process.ts";
import { TestWorld } from "./test_world.ts";

/**
 * A day on which somebody presses Ctrl+C in the host's terminal: what is in hand is finished, and the
 * rest is there for the next host.
 */
export async function playCtrlC(): Promise<void> {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    world.recorder("slow", { delayMs: 300 }),
    { id: "sums", file: `${ROOT}plugins/session_report/mod.ts` },
  ]);
  const host = await world.startHost();
  await world.play({ count: 3, seed: 1 });
  await host.until(() => world.recorded().length === 3, "the second hangup is done");
  assertEquals(await host.interruptGroup(), 0);
  assert(
    host.log.some(({ plugin, message }) => plugin === "sums" && /totals/.test(message)),
    host.stderr,
  );
  assert(host.stderr.endsWith("onhook stopped\n"), host.stderr);
  await using second = await world.startHost();
  await second.until(() => world.distinct("slow") === 5, "the rest is done");
  assertEquals(world.recorded().map(({ event }) => event.attempt), [1, 1, 1, 1, 1]);
}
