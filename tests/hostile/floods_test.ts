/** Whatever a plugin pours into its pipes, the host keeps its time for the others. */
import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));
const MEASURE_MS = 1000;
const MEASURES_MAX = 5;
/** The share of one core that a single plugin may cost the host. */
const SHARE_MAX = 0.4;

function cpuSeconds(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function isHeldBack(name: string, flood: string): void {
  testWhere(
    "linux",
    `a plugin that floods its output with ${name} does not take the host's time`,
    async () => {
      await using world = await TestWorld.make([]);
      await world.writeRegistry([
        { id: "bad", file: SPEAKER, config: { event: flood, at: 1 } },
        world.recorder("after"),
      ]);
      await using host = await world.startHost();
      await world.play({ count: 1, seed: 1 });
      await host.until(() => world.distinct("after") === 3, "the flood has begun");
      // A host that is not held back takes as much as it gets in every stretch of time.
      const shares: number[] = [];
      while (shares.length < MEASURES_MAX && !shares.some((share) => share < SHARE_MAX)) {
        const before = cpuSeconds(host.pid);
        await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
        shares.push((cpuSeconds(host.pid) - before) / (MEASURE_MS / 1000));
      }
      assert(shares.at(-1)! < SHARE_MAX, `it took ${shares} of a core`);
    },
  );
}

isHeldBack("empty lines", "floodEmptyLines");
isHeldBack("messages that say ready", "floodReady");
isHeldBack("first bytes of markers", "floodMarkerBytes");
isHeldBack("single bytes", "floodDribble");
