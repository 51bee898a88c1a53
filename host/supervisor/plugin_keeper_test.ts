import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import type { HostLog, LogFields } from "../internal/host_log.ts";
import { PluginError } from "../internal/errors.ts";
import { fakeEntry } from "../registry/_fake_entry.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import { type PluginDeath, PluginKeeper } from "./plugin_keeper.ts";
import type { PluginExit, PluginListener, PluginProcess } from "./plugin_process.ts";

const READY = { protocol: PROTOCOL_VERSION, handlers: [] };
const SETTLED = { sequence: 1, count: 1, longestUs: 1, bins: [] };
const EXIT: PluginExit = { code: 1, signal: null, isOutOfMemory: false };
const KILLED: PluginExit = { code: 137, signal: "SIGKILL", isOutOfMemory: false };

/** One start as the keeper asked for it; the test decides what becomes of it. */
interface Start {
  readonly listener: PluginListener;
  readonly signal: AbortSignal;
  readonly process: PluginProcess;
  readonly sent: number[];
  kills: number;
  /** The process has been started. */
  spawn(): void;
  /** It cannot be started. */
  refuse(error: Error): void;
}

class Bench {
  readonly clock = new FakeClock();
  readonly starts: Start[] = [];
  readonly calls: string[] = [];
  readonly deaths: PluginDeath[] = [];
  readonly said: string[] = [];
  readonly fields: (LogFields | undefined)[] = [];
  readonly keeper: PluginKeeper;

  constructor() {
    const say = (message: string, fields?: LogFields) => {
      this.said.push(message);
      this.fields.push(fields);
    };
    const log: HostLog = { debug: () => {}, info: say, warn: say, error: say };
    const note = (what: string) => () => void this.calls.push(what);
    this.keeper = new PluginKeeper({
      entry: fakeEntry("a", { memoryMb: 64 }),
      user: {
        up: note("up"),
        settled: note("settled"),
        failed: note("failed"),
        logged: () => {},
        keep: note("keep"),
        stopped: note("stopped"),
        turn: note("turn"),
        hasWorked: () => true,
        down: (death) => {
          this.calls.push(`down in ${this.keeper.state}`);
          this.deaths.push(death);
        },
      },
      startPlugin: (_, listener, signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<PluginProcess>();
        const start: Start = {
          listener,
          signal,
          sent: [],
          kills: 0,
          process: {
            pid: 1,
            send: (frame) => void start.sent.push(frame[4]!),
            kill: () => void start.kills++,
          },
          spawn: () => resolve(start.process),
          refuse: reject,
        };
        this.starts.push(start);
        return promise;
      },
      clock: this.clock,
      random: { next: () => 0 },
      log,
      limits: {
        startTimeoutMs: 1000,
        parkedRetryMs: 60_000,
        backoffFirstMs: 100,
        backoffLongestMs: 1000,
        deathsPerWindowMax: 2,
        windowMs: 1_000_000,
      },
    });
  }

  /** The newest start. */
  get last(): Start {
    return this.starts.at(-1)!;
  }

  /** Starts the keeper; the process is there and says that it is ready. */
  async up(): Promise<Start> {
    this.keeper.start();
    return await this.spawned();
  }

  /** The process of the newest start is there and says that it is ready. */
  async spawned(): Promise<Start> {
    this.last.spawn();
    await this.clock.advance(0);
    this.last.listener.ready(READY);
    return this.last;
  }

  /** Whether a promise has settled by now. */
  async isSettled(promise: Promise<void>): Promise<boolean> {
    let isSettled = false;
    promise.then(() => isSettled = true);
    await this.clock.advance(0);
    return isSettled;
  }
}

Deno.test("PluginKeeper waits, starts and becomes ready, in this order", async () => {
  const bench = new Bench();
  assertEquals(bench.keeper.state, "waiting");
  bench.keeper.start();
  assertEquals(bench.keeper.state, "starting");
  assertEquals(await bench.isSettled(bench.keeper.firstStart), false);
  await bench.spawned();
  assertEquals(bench.keeper.state, "ready");
  assertEquals(bench.keeper.takesEvents, true);
  assertEquals(bench.calls, ["up"]);
  assertEquals(await bench.isSettled(bench.keeper.firstStart), true);
  assertEquals(bench.clock.timers, 0, "the time limit of the start is over");
});

Deno.test("PluginKeeper takes word that it is ready from before the start is answered", async () => {
  const bench = new Bench();
  bench.keeper.start();
  bench.last.listener.ready(READY);
  assertEquals(bench.keeper.state, "starting");
  bench.last.spawn();
  await bench.clock.advance(0);
  assertEquals(bench.keeper.state, "ready");
  assertEquals(bench.calls, ["up"]);
});

Deno.test("PluginKeeper says up once when a plugin says twice that it is ready", async () => {
  const bench = new Bench();
  const { listener } = await bench.up();
  listener.ready(READY);
  assertEquals(bench.calls, ["up"]);
});

Deno.test("PluginKeeper starts a process again that died, after a wait that grows", async () => {
  const bench = new Bench();
  (await bench.up()).listener.exited(EXIT);
  assertEquals(bench.keeper.state, "waiting");
  assertEquals(bench.calls.at(-1), "down in waiting");
  assertEquals(bench.deaths, [{ kind: "crashed", reason: "exit code 1" }]);
  await bench.clock.advance(49);
  assertEquals(bench.starts.length, 1);
  await bench.clock.advance(1);
  assertEquals([bench.starts.length, bench.keeper.state], [2, "starting"]);
  (await bench.spawned()).listener.exited(EXIT);
  await bench.clock.advance(99);
  assertEquals(bench.starts.length, 2);
  await bench.clock.advance(1);
  assertEquals(bench.starts.length, 3);
});

Deno.test("PluginKeeper parks a plugin that keeps dying and tries it again later", async () => {
  const bench = new Bench();
  (await bench.up()).listener.exited(EXIT);
  for (let death = 2; death <= 3; death++) {
    await bench.clock.advance(1000);
    (await bench.spawned()).listener.exited({ ...EXIT, isOutOfMemory: true });
  }
  assertEquals(bench.keeper.state, "parked");
  assertEquals(bench.calls.at(-1), "down in parked");
  const line = bench.said.at(-1)!;
  assertStringIncludes(line, "The plugin is parked");
  assertStringIncludes(line, "exit code 1, out of memory (memoryMb 64)");
  await bench.clock.advance(59_999);
  assertEquals(bench.starts.length, 3);
  await bench.clock.advance(1);
  await bench.spawned();
  assertEquals(bench.keeper.state, "ready");
  bench.last.listener.exited(EXIT);
  assertEquals(bench.keeper.state, "waiting", "parking has forgotten the deaths before it");
});

Deno.test("PluginKeeper kills a process that is not ready in time", async () => {
  const bench = new Bench();
  bench.keeper.start();
  bench.last.spawn();
  await bench.clock.advance(1000);
  assertEquals([bench.last.kills, bench.keeper.state], [1, "starting"]);
  bench.last.listener.ready(READY);
  assertEquals(bench.calls, [], "too late");
  bench.last.listener.exited(KILLED);
  assertEquals(bench.deaths.map(({ kind }) => kind), ["timedOut"]);
  assertStringIncludes(bench.deaths[0]!.reason, "not ready within 1000 ms");
});

Deno.test("PluginKeeper does not wait for a start that is never answered", async () => {
  const bench = new Bench();
  bench.keeper.start();
  await bench.clock.advance(1000);
  assertEquals(bench.keeper.state, "waiting");
  assertEquals(bench.last.signal.aborted, true);
  assertEquals(await bench.isSettled(bench.keeper.firstStart), true);
  await bench.clock.advance(100);
  assertEquals(bench.starts.length, 2);
  const late = bench.starts[0]!;
  late.spawn();
  await bench.clock.advance(0);
  assertEquals(late.kills, 1, "what comes too late is killed");
  late.listener.ready(READY);
  late.listener.exited(KILLED);
  assertEquals(bench.keeper.state, "starting", "and is not taken for the next process");
  await bench.spawned();
  assertEquals([bench.keeper.state, bench.last.kills], ["ready", 0]);
});

Deno.test("PluginKeeper parks a plugin whose modules cannot be found, and tells why", async () => {
  const bench = new Bench();
  bench.keeper.start();
  const files = ["/a/mod.ts", "/a/missing.ts"];
  bench.last.refuse(new PluginError("Cannot load the plugin's modules: on purpose", files));
  await bench.clock.advance(0);
  assertEquals(bench.keeper.state, "parked");
  assertEquals(bench.deaths[0]!.reason, "Cannot load the plugin's modules: on purpose");
  assertEquals(bench.keeper.modules, files, "whoever mends one of them is noticed");
});

Deno.test("PluginKeeper tells which stage of the start a plugin failed in", async () => {
  const words = {
    protocol: "the runner is of another version",
    load: "its module cannot be loaded",
    config: "its configuration in the registry is wrong",
    onStart: "its onStart failed",
  };
  for (const stage of ["protocol", "load", "config", "onStart"] as const) {
    const bench = new Bench();
    bench.keeper.start();
    bench.last.spawn();
    await bench.clock.advance(0);
    bench.last.listener.refused({ stage, error: { name: "TypeError", message: "no" } });
    bench.last.listener.exited(EXIT);
    assertEquals(bench.deaths[0]!.reason, `${words[stage]}: TypeError: no`);
    assertEquals(bench.keeper.state, stage === "onStart" ? "waiting" : "parked", stage);
  }
});

Deno.test("PluginKeeper kills a plugin that refuses to start although it is ready", async () => {
  const bench = new Bench();
  const start = await bench.up();
  start.listener.refused({ stage: "load", error: { name: "E", message: "m" } });
  assertEquals(start.kills, 1);
  start.listener.exited(KILLED);
  assertStringIncludes(bench.deaths[0]!.reason, "it broke the protocol");
});

Deno.test("PluginKeeper kills before the process is there as soon as it is", async () => {
  const bench = new Bench();
  bench.keeper.start();
  bench.last.listener.broken("rubbish");
  assertEquals(bench.last.kills, 0);
  bench.last.spawn();
  await bench.clock.advance(0);
  assertEquals(bench.last.kills, 1);
  bench.last.listener.exited(KILLED);
  assertEquals(bench.deaths, [
    { kind: "crashed", reason: "it broke the protocol with rubbish" },
  ]);
});

Deno.test("PluginKeeper takes no events while it kills, and gives the first reason", async () => {
  const bench = new Bench();
  const start = await bench.up();
  bench.keeper.kill({ kind: "timedOut", reason: "first" });
  bench.keeper.kill({ kind: "crashed", reason: "second" });
  assertEquals(bench.keeper.takesEvents, false);
  start.listener.exited(KILLED);
  assertEquals(bench.deaths, [{ kind: "timedOut", reason: "first" }]);
  await bench.clock.advance(1000);
  (await bench.spawned()).listener.exited(EXIT);
  assertEquals(bench.deaths[1]!.reason, "exit code 1", "the reason is not kept for the next one");
});

Deno.test("PluginKeeper hears a process's exit once and nothing after it", async () => {
  const bench = new Bench();
  const { listener } = await bench.up();
  listener.exited(EXIT);
  const calls = bench.calls.length;
  listener.exited(EXIT);
  listener.settled(SETTLED);
  listener.failed({ sequence: 1, error: { name: "E", message: "m" } });
  listener.ready(READY);
  listener.stopped();
  listener.turn();
  listener.broken("rubbish");
  listener.refused({ stage: "load", error: { name: "E", message: "m" } });
  listener.log({ level: "error", message: "late" });
  assertEquals(bench.calls.length, calls);
  assertEquals(bench.deaths.length, 1);
  assertEquals(bench.said.includes("late"), false);
  await bench.clock.advance(50);
  assertEquals(bench.starts.length, 2);
  const second = await bench.spawned();
  listener.exited(EXIT);
  assertEquals([bench.keeper.state, second.kills], ["ready", 0]);
  second.listener.settled(SETTLED);
  assertEquals(bench.calls.at(-1), "settled");
});

Deno.test("PluginKeeper.stop() lets a ready process finish and ends when it is gone", async () => {
  const bench = new Bench();
  const start = await bench.up();
  const stopped = bench.keeper.stop(5000);
  assertEquals(start.sent, [TO_PLUGIN.stop]);
  assertEquals(bench.keeper.state, "stopping");
  start.listener.settled(SETTLED);
  start.listener.stopped();
  assertEquals(await bench.isSettled(stopped), false);
  start.listener.exited({ ...EXIT, code: 0 });
  assertEquals(await bench.isSettled(stopped), true);
  assertEquals(bench.keeper.state, "stopped");
  assertEquals(bench.calls, ["up", "settled", "stopped"], "a stop is no death");
  assertEquals([start.kills, bench.clock.timers], [0, 0]);
});

Deno.test("PluginKeeper.stop() kills a process that does not end in time", async () => {
  const bench = new Bench();
  const start = await bench.up();
  const stopped = bench.keeper.stop(5000);
  await bench.clock.advance(4999);
  assertEquals(start.kills, 0);
  await bench.clock.advance(1);
  assertEquals(start.kills, 1);
  start.listener.exited(KILLED);
  assertEquals(await bench.isSettled(stopped), true);
  assertEquals(bench.clock.timers, 0);
});

Deno.test("PluginKeeper.stop() kills a process that is starting", async () => {
  const bench = new Bench();
  bench.keeper.start();
  bench.last.spawn();
  await bench.clock.advance(0);
  const stopped = bench.keeper.stop(5000);
  assertEquals(bench.last.kills, 1);
  bench.last.listener.ready(READY);
  assertEquals(bench.keeper.state, "stopping");
  bench.last.listener.exited(KILLED);
  assertEquals(await bench.isSettled(stopped), true);
  assertEquals([bench.starts.length, bench.clock.timers], [1, 0]);
});

Deno.test("PluginKeeper.stop() does not wait for a start that is never answered", async () => {
  const bench = new Bench();
  bench.keeper.start();
  const stopped = bench.keeper.stop(5000);
  assertEquals(await bench.isSettled(stopped), true);
  assertEquals(bench.last.signal.aborted, true);
  assertEquals(await bench.isSettled(bench.keeper.firstStart), true);
  bench.last.spawn();
  await bench.clock.advance(0);
  assertEquals([bench.last.kills, bench.keeper.state], [1, "stopped"]);
  bench.last.listener.exited(KILLED);
  await bench.clock.advance(100_000);
  assertEquals([bench.starts.length, bench.clock.timers], [1, 0]);
});

Deno.test("PluginKeeper.stop() ends at once while it waits or is parked", async () => {
  for (const deaths of [0, 1, 3]) {
    const bench = new Bench();
    if (deaths > 0) bench.keeper.start();
    for (let death = 1; death <= deaths; death++) {
      await bench.clock.advance(1000);
      (await bench.spawned()).listener.exited(EXIT);
    }
    assertEquals(bench.keeper.state, deaths === 3 ? "parked" : "waiting");
    assertEquals(await bench.isSettled(bench.keeper.stop(5000)), true);
    await bench.clock.advance(100_000);
    assertEquals([bench.keeper.state, bench.starts.length], ["stopped", deaths]);
  }
});

Deno.test("PluginKeeper.stop() may be called again at any time, and only makes it sooner", async () => {
  const bench = new Bench();
  const start = await bench.up();
  const first = bench.keeper.stop(5000);
  const later = bench.keeper.stop(9000);
  const second = bench.keeper.stop(100);
  assertEquals(start.sent, [TO_PLUGIN.stop]);
  await bench.clock.advance(99);
  assertEquals(start.kills, 0);
  await bench.clock.advance(1);
  assertEquals(start.kills, 1, "the sooner limit counts");
  start.listener.exited(EXIT);
  assertEquals(await bench.isSettled(Promise.all([first, later, second]).then(() => {})), true);
  assertEquals(await bench.isSettled(bench.keeper.stop(5000)), true);
});

Deno.test("PluginKeeper keeps what a plugin says apart from what the host says of it", async () => {
  const bench = new Bench();
  const { listener } = await bench.up();
  listener.log({
    level: "warn",
    message: "hello",
    fields: { plugin: "b" },
    eventId: "e",
    sequence: 7,
  });
  assertEquals(bench.said, ["hello"]);
  assertEquals(bench.fields, [{ plugin: "a", event: "e", sequence: 7, fields: { plugin: "b" } }]);
});

Deno.test("PluginKeeper kills a process that is ready in another version of the protocol", async () => {
  const bench = new Bench();
  bench.keeper.start();
  bench.last.spawn();
  await bench.clock.advance(0);
  bench.last.listener.ready({ protocol: PROTOCOL_VERSION + 1, handlers: [] });
  assertEquals([bench.last.kills, bench.calls], [1, []]);
});
