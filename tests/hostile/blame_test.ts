/** Between the order to kill a process and its death, nothing new may be put into its hand. */
import { assertEquals } from "@std/assert";
import { FakeClock } from "../../host/internal/_fake_clock.ts";
import type { HostLog } from "../../host/internal/host_log.ts";
import { fakeBatch, FakePlugins } from "../../host/pipeline/_fake_plugins.ts";
import { Pipeline } from "../../host/pipeline/pipeline.ts";
import { Store } from "../../host/store/store.ts";

const LIMITS = {
  startTimeoutMs: 10_000,
  stopLimitMs: 1000,
  parkedRetryMs: 600_000,
  backoffFirstMs: 100,
  backoffLongestMs: 30_000,
  deathsPerWindowMax: 5,
  sessionWaitMs: 30_000,
  sessionReportHours: 24,
  windowMs: 60_000,
  frameEventsMax: 1,
  logLinesPerSecondMax: 1000,
  strayBytesPerSecondMax: 16_384,
  onceValueBytesMax: 2048,
  onceKeysMax: 32,
  frameBytesMax: 4096,
  recentBytesMax: 2048,
  readBytes: 1024,
};

Deno.test("an event that comes after the order to kill is not blamed for the death", async () => {
  const folder = await Deno.makeTempDir();
  const clock = new FakeClock();
  const store = Store.open(folder, clock);
  const plugins = new FakePlugins();
  const say = () => {};
  const log: HostLog = { debug: say, info: say, warn: say, error: say };
  const pipeline = new Pipeline({
    plugins: [{
      id: "slow",
      path: "/slow.ts",
      enabled: true,
      permissions: { read: [], write: [], net: [], env: [], sys: [] },
      config: {},
      timeoutMs: 5000,
      memoryMb: 128,
      onFailure: "skip",
      retryCount: 5,
      retryFirstWaitMs: 1000,
      retryLongestWaitMs: 60_000,
      baseFolder: "/",
    }],
    store,
    startPlugin: plugins.start,
    clock,
    random: { next: () => 0.5 },
    log,
    limits: LIMITS,
  });
  try {
    pipeline.start();
    await clock.advance(0);
    await pipeline.takeIn(fakeBatch(1n, 0, 1));
    const process = plugins.of("slow");
    // A real process lives on for a moment, and what it wrote before is still read.
    process.kill = () => {};
    await clock.advance(5000);
    process.settle(1);
    await pipeline.takeIn(fakeBatch(1n, 64, 1));
    process.die(137);
    await clock.advance(1000);
    assertEquals(store.failures("slow"), [], "event 2 was never begun");
  } finally {
    await pipeline.stop(0).catch(() => {});
    store.close();
    await Deno.remove(folder, { recursive: true });
  }
});
