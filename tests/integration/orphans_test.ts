/** When the host dies without a word, no plugin process stays behind. */
import { assert, assertEquals } from "@std/assert";
import { TestWorld } from "../support/test_world.ts";

const LINUX = Deno.build.os === "linux";

/** The state letter of a process, `undefined` when it is gone; `Z` is dead and not yet fetched. */
function processState(pid: number): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "")[0];
  } catch {
    return undefined;
  }
}

/** Direct children of a process. */
function childrenOf(pid: number): number[] {
  return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ")
    .filter((text) => text !== "").map(Number);
}

Deno.test({
  name: "a host killed with kill -9 leaves no plugin process, an endless loop included",
  ignore: !LINUX,
  async fn() {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([
      world.recorder("quiet"),
      { id: "loops", file: "misbehave", config: { how: "endlessLoop", at: 2 }, timeoutMs: 60_000 },
    ]);
    const host = await world.startHost();
    await world.play({ count: 1, seed: 1 });
    await host.until(() => world.distinct("quiet") >= 2, "the loop has its event");
    const plugins = childrenOf(host.pid);
    assertEquals(plugins.length, 2);
    await host.kill();
    const untilMs = performance.now() + 10_000;
    const alive = () => plugins.filter((pid) => !["Z", undefined].includes(processState(pid)));
    while (alive().length > 0 && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert(alive().length === 0, `still running: ${alive()}`);
  },
});
