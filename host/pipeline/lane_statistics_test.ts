import { assertEquals } from "@std/assert";
import { durationBin } from "../protocol/duration_bins.ts";
import { LaneStatistics } from "./lane_statistics.ts";

Deno.test("LaneStatistics adds up what a plugin says, counting events as the host does", () => {
  const statistics = new LaneStatistics();
  const bin = durationBin(2);
  statistics.addSettled({ sequence: 3, count: 99, longestUs: 4000, bins: [0, 1, bin, 2] }, 3);
  statistics.addSettled({ sequence: 4, count: 1, longestUs: 100, bins: [bin, 1] }, 1);
  statistics.failed++;
  statistics.deaths += 2;
  const report = statistics.report("a", "ready", 7);
  assertEquals(report, {
    plugin: "a",
    state: "ready",
    done: 4,
    failed: 1,
    waiting: 7,
    deaths: 2,
    medianMs: 2 ** (bin / 4) / 1000,
    longestMs: 4,
  });
});

Deno.test("LaneStatistics has nothing to tell at first", () => {
  const { done, failed, medianMs, longestMs } = new LaneStatistics().report("a", "starting", 0);
  assertEquals([done, failed, medianMs, longestMs], [0, 0, 0, 0]);
});
