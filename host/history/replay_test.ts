import { assertEquals } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import { walkEntries } from "../events/walk_entries.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import { decodeEventsBatch } from "../protocol/events_batch.ts";
import { frameLayout } from "../protocol/frame_layout.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { FakeStoreFile } from "../store/_fake_store_file.ts";
import { ReadStore } from "../store/read_store.ts";
import type { PluginListener } from "../supervisor/plugin_process.ts";
import { Replay } from "./replay.ts";
import { replayFrames } from "./replay_frames.ts";

/** What a faked process does with an event. */
type Deed = "settle" | "fail" | "die" | "hang" | "once";

interface Handed {
  readonly sequence: number;
  readonly attempt: number;
}

/** Plays ten events to a faked plugin. */
class Bench {
  readonly clock = new FakeClock();
  readonly handed: Handed[] = [];
  readonly stop = new AbortController();
  starts = 0;
  alive = 0;
  refuses = false;
  /** A start that takes as long as the test likes, whoever wants it. */
  start: Promise<void> | undefined;
  deed: (sequence: number) => Deed = () => "settle";

  run(store: ReadStore): Promise<Awaited<ReturnType<Replay["run"]>>> {
    return new Replay({
      entry: { id: "a", timeoutMs: 5000, memoryMb: 64 } as PluginEntry,
      frames: replayFrames(store, { id: "a" }, { from: 1, to: 10 }),
      startPlugin: async (_entry, listener) => {
        await this.start;
        return this.#process(listener);
      },
      clock: this.clock,
      startTimeoutMs: 1000,
      stopLimitMs: 500,
      signal: this.stop.signal,
      onLog: () => {},
      onProgress: () => {},
    }).run();
  }

  #process(listener: PluginListener) {
    this.starts++;
    this.alive++;
    let isAlive = true;
    let isHanging = false;
    const die = (code: number) => {
      if (!isAlive) return;
      isAlive = false;
      this.alive--;
      queueMicrotask(() => listener.exited(exit(code)));
    };
    const handle = (sequence: number) => {
      if (!isAlive || isHanging) return;
      const deed = this.deed(sequence);
      isHanging = deed === "hang";
      if (isHanging) return;
      if (deed === "die") return die(3);
      if (deed === "once") return listener.keep({ sequence, key: "k", outcome: {} });
      const error = { name: "Error", message: 'Requires net access to "h:1", x' };
      if (deed === "fail") listener.failed({ sequence, error });
      else listener.settled({ sequence, count: 1, longestUs: 1, bins: [] });
      listener.turn();
    };
    queueMicrotask(() => {
      if (this.refuses) {
        const error = { name: "NotCapable", message: 'Requires env access to "T", x' };
        listener.refused({ stage: "onStart", error });
        die(1);
      } else listener.ready({ protocol: PROTOCOL_VERSION, handlers: [] });
    });
    let work = Promise.resolve();
    return {
      pid: 1,
      kill: () => die(137),
      send: (frame: Uint8Array) => {
        if (frame[4] === TO_PLUGIN.stop) return die(0);
        if (frame[4] === TO_PLUGIN.kept) {
          const { sequence } = JSON.parse(new TextDecoder().decode(frame.subarray(5)));
          listener.settled({ sequence, count: 1, longestUs: 1, bins: [] });
          return listener.turn();
        }
        assertEquals(frame[4], TO_PLUGIN.events, "nothing is known from before");
        const { attempt, entries } = decodeEventsBatch(frame.subarray(frameLayout.headBytes));
        const [{ sequence } = { sequence: 0 }] = walkEntries(entries.slice());
        this.handed.push({ sequence, attempt });
        work = work.then(() => handle(sequence));
      },
    };
  }
}

const exit = (code: number) => ({ code, signal: null, isOutOfMemory: false });
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

async function withStore(test: (bench: Bench, store: ReadStore) => Promise<void>): Promise<void> {
  using file = new FakeStoreFile().hangups(1, 10).cursor("a", 6).done("a", 1, 4)
    .failure({ plugin: "a", sequence: 5, attempt: 3 });
  using store = ReadStore.open(file.folder);
  await test(new Bench(), store);
}

Deno.test("Replay.run() hands every event over once, with one attempt more than stored", () =>
  withStore(async (bench, store) => {
    const report = await bench.run(store);
    assertEquals([report.done, report.failed, report.endedEarly], [10, 0, undefined]);
    assertEquals(bench.handed.map(({ sequence }) => sequence), upTo(10));
    assertEquals(bench.handed.map(({ attempt }) => attempt), [2, 2, 2, 2, 4, 1, 1, 1, 1, 1]);
    assertEquals(report.attemptsUnknown, 1, "event 6 is settled, nothing says how");
    assertEquals(bench.clock.timers, 0);
  }));

Deno.test("Replay.run() lets a plugin do once more what it did once, and keeps nothing of it", () =>
  withStore(async (bench, store) => {
    bench.deed = () => "once";
    const report = await bench.run(store);
    assertEquals([report.done, report.failed], [10, 0]);
  }));

Deno.test("Replay.run() goes on behind an event that fails, and keeps what was refused", () =>
  withStore(async (bench, store) => {
    bench.deed = (sequence) => sequence % 5 === 0 ? "fail" : "settle";
    const report = await bench.run(store);
    assertEquals([report.done, report.failed, bench.starts], [8, 2, 1]);
    assertEquals(report.failures.map(({ sequence, kind }) => [sequence, kind]), [
      [5, "failed"],
      [10, "failed"],
    ]);
    assertEquals(report.refusals.all, [
      { kind: "net", target: "h:1", times: 2, firstSequence: 5 },
    ]);
  }));

Deno.test("Replay.run() starts the process again behind the event that it died of", () =>
  withStore(async (bench, store) => {
    bench.deed = (sequence) => sequence === 4 ? "die" : "settle";
    const report = await bench.run(store);
    assertEquals([report.done, report.failed, bench.starts], [9, 1, 2]);
    assertEquals(report.failures[0], {
      sequence: 4,
      attempt: 2,
      kind: "crashed",
      message: "exit code 3",
    });
    assertEquals(bench.handed.filter(({ sequence }) => sequence === 4).length, 1);
  }));

Deno.test("Replay.run() kills a process at the time limit and goes on behind the event", () =>
  withStore(async (bench, store) => {
    bench.deed = (sequence) => sequence === 7 ? "hang" : "settle";
    const running = bench.run(store);
    await bench.clock.advance(4900);
    assertEquals(bench.starts, 1);
    await bench.clock.advance(200);
    const report = await running;
    assertEquals([report.done, report.failed, bench.starts], [9, 1, 2]);
    assertEquals([report.failures[0]!.sequence, report.failures[0]!.kind], [7, "timedOut"]);
  }));

Deno.test("Replay.run() gives a plugin up whose process dies at every event", () =>
  withStore(async (bench, store) => {
    bench.deed = () => "die";
    const report = await bench.run(store);
    assertEquals([report.done, report.failed, bench.starts], [0, 10, 10]);
    assertEquals(report.endedEarly, "the plugin's process died 10 times in a row: exit code 3");
  }));

Deno.test("Replay.run() ends when it is stopped, and kills what does not end by itself", () =>
  withStore(async (bench, store) => {
    bench.deed = (sequence) => sequence === 3 ? "hang" : "settle";
    const running = bench.run(store);
    await bench.clock.advance(10);
    bench.stop.abort();
    const report = await running;
    assertEquals([report.done, report.failed, report.endedEarly], [2, 0, "it was stopped"]);
    assertEquals(bench.clock.timers, 0);
  }));

Deno.test("Replay.run() waits for a start no longer than startTimeoutMs, and not when it is stopped", () =>
  withStore(async (bench, store) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.start = promise;
    const early = bench.run(store);
    await bench.clock.advance(1000);
    assertEquals(
      (await early).endedEarly,
      "the plugin does not start: it was not ready within 1000 ms (startTimeoutMs); set " +
        "startTimeoutMs in its registry entry if it needs more",
    );
    const stopped = bench.run(store);
    await bench.clock.advance(10);
    bench.stop.abort();
    assertEquals((await stopped).endedEarly, "it was stopped");
    resolve();
    await bench.clock.advance(0);
    assertEquals([bench.starts, bench.alive], [2, 0], "what comes late is not left behind");
    assertEquals(bench.clock.timers, 0);
  }));

Deno.test("Replay.run() says why a plugin does not start, and what was refused to it", () =>
  withStore(async (bench, store) => {
    bench.refuses = true;
    const report = await bench.run(store);
    assertEquals([report.done, report.failed, bench.starts], [0, 0, 1]);
    assertEquals(
      report.endedEarly,
      'the plugin does not start: its onStart failed: NotCapable: Requires env access to "T", x',
    );
    assertEquals(report.refusals.all.map(({ kind, target }) => [kind, target]), [["env", "T"]]);
    assertEquals(bench.clock.timers, 0);
  }));
