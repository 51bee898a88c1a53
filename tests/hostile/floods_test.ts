/** Whatever a plugin pours into its pipes, the host keeps its time for the others. */
import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ProcessStatistics } from "../../host/ffi/process_statistics.ts";
import { testWhere } from "../support/test_where.ts";
import { TestWorld } from "../support/test_world.ts";

const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));
const MEASURE_MS = 1000;
const MEASURES_MAX = 5;
/** The share of one core that a single plugin may cost the host. */
const SHARE_MAX = 0.4;

function isHeldBack(name: string, flood: string): void {
  testWhere(
    "processorTimes",
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
      using processes = ProcessStatistics.open(world.libraryPath);
      const cpuMs = (): number => processes.read(host.pid)!.cpuMs;
      const shares: number[] = [];
      while (shares.length < MEASURES_MAX && !shares.some((share) => share < SHARE_MAX)) {
        const before = cpuMs();
        await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
        shares.push((cpuMs() - before) / MEASURE_MS);
      }
      assert(shares.at(-1)! < SHARE_MAX, `it took ${shares} of a core`);
    },
  );
}

isHeldBack("empty lines", "floodEmptyLines");
isHeldBack("messages that say ready", "floodReady");
isHeldBack("first bytes of markers", "floodMarkerBytes");
isHeldBack("single bytes", "floodDribble");
