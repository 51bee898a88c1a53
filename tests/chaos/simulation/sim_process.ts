import { layout } from "../../../host/events/layout.ts";
import { walkEntries } from "../../../host/events/walk_entries.ts";
import { TO_PLUGIN } from "../../../host/protocol/frame_kinds.ts";
import { decodeEventsBatch } from "../../../host/protocol/events_batch.ts";
import { frameLayout } from "../../../host/protocol/frame_layout.ts";
import { PROTOCOL_VERSION } from "../../../host/protocol/protocol_version.ts";
import type { PluginEntry } from "../../../host/registry/registry_schema.ts";
import type { PluginListener, PluginProcess } from "../../../host/supervisor/plugin_process.ts";
import { drawDeed, type PluginTemper } from "./plugin_temper.ts";
import type { SimRandom } from "./sim_random.ts";
import type { SimTime } from "./sim_time.ts";

/** One event as a process was handed it. */
export interface Handed {
  readonly sequence: number;
  readonly attempt: number;
  /** From the event's place in the journal, the same whenever it comes again. */
  readonly hash: number;
}

/** Who wants to know what a process sees and says. */
export interface ProcessWatch {
  handed(process: SimProcess, batch: readonly Handed[]): void;
  /** The host has been told that everything up to here is settled. */
  settled(process: SimProcess, sequence: number): void;
  /** The host has been told of a failure. */
  failed(process: SimProcess, sequence: number): void;
  /** The process is gone; these were in its hand as the host knows it. */
  gone(process: SimProcess, inHand: readonly Handed[]): void;
  /** It waits for word to go on, the host knows, and hands events over without it. */
  ignores(process: SimProcess, sequence: number): void;
  /** These were handed over and nothing of them has been begun. */
  neverBegun(process: SimProcess, events: readonly Handed[]): void;
  /** Whether the host that started the process still lives. */
  readonly isHostAlive: boolean;
}

/** What a process is made of. */
export interface SimProcessParts {
  readonly entry: PluginEntry;
  readonly listener: PluginListener;
  readonly time: SimTime;
  readonly random: SimRandom;
  readonly watch: ProcessWatch;
  /** How the plugin behaves at the moment. */
  readonly temper: () => PluginTemper;
}

/**
 * A plugin's process with the runner's rules (`host/runner/event_loop.ts`): one event at a time,
 * answers in order, halted after a failure when the host wants it. What it does with an event is
 * chance.
 */
export class SimProcess implements PluginProcess {
  readonly pid = 1;
  readonly plugin: string;
  readonly entry: PluginEntry;
  isAlive = true;
  isReady = false;
  /** How often the host has killed it. */
  kills = 0;
  /** As the host knows it: sent, and neither answered nor thrown away. */
  inHand: Handed[] = [];
  /** When the host last saw it get on, in milliseconds. */
  progressMs = 0;
  /** Since the host has said that it should stop. */
  isStopping = false;
  readonly #parts: SimProcessParts;
  #inbox: Handed[] = [];
  #current: Handed | undefined;
  #isHalted = false;
  #isKnownToBeHalted = false;
  #isStopped = false;
  #settled: { last: number; count: number } | undefined;
  #toldMs = 0;
  #frozenUntilMs = 0;
  #lastSaidMs = 0;

  constructor(parts: SimProcessParts) {
    this.#parts = parts;
    this.plugin = parts.entry.id;
    this.entry = parts.entry;
  }

  /** Says that it is ready, some time later. */
  start(): this {
    this.#parts.time.after(this.#parts.random.whole(0, 300), () => {
      if (!this.isAlive) return;
      this.isReady = true;
      const isLiar = this.#parts.random.chance(this.#parts.temper().lie / 4);
      this.#say((listener) => {
        // An answer before anything was asked.
        if (isLiar) listener.settled({ sequence: 1, count: 1, longestUs: 1, bins: [] });
        listener.ready({ protocol: PROTOCOL_VERSION, handlers: ["onEvent"] });
      });
    });
    return this;
  }

  send(frame: Uint8Array<ArrayBuffer>, done?: () => void): void {
    const { time, random, watch } = this.#parts;
    if (!watch.isHostAlive) return;
    this.#take(frame.slice());
    // The bytes are the host's again some time after they were written.
    time.after(random.whole(0, 3), () => {
      frame.fill(0xee);
      if (watch.isHostAlive) done?.();
    });
  }

  kill(): void {
    const { time, random } = this.#parts;
    this.kills++;
    time.after(random.chance(0.2) ? random.whole(0, 800) : 0, () => this.die(137));
  }

  /** Does nothing for a while, as after SIGSTOP. */
  freeze(forMs: number): void {
    this.#frozenUntilMs = this.#parts.time.nowMs + forMs;
  }

  /** Ends; what it said before still arrives. */
  die(code: number): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#say((listener) => {
      this.#parts.watch.gone(this, this.inHand);
      this.inHand = [];
      listener.exited({ code, signal: null, isOutOfMemory: false });
    }, true);
  }

  #take(frame: Uint8Array): void {
    const { watch, time } = this.#parts;
    const kind = frame[4];
    if (!this.isAlive) {
      // The host does not know yet: to it, these are in hand when the process dies.
      if (kind === TO_PLUGIN.events) this.inHand.push(...readBatch(frame));
    } else if (kind === TO_PLUGIN.stop) {
      this.#isStopped = this.isStopping = true;
      watch.neverBegun(this, this.#inbox);
      this.#inbox = [];
      if (this.#current === undefined) this.#leave();
    } else if (kind === TO_PLUGIN.resume) {
      this.#isHalted = this.#isKnownToBeHalted = false;
    } else if (kind === TO_PLUGIN.events) {
      const batch = readBatch(frame);
      watch.handed(this, batch);
      if (this.inHand.length === 0) this.progressMs = time.nowMs;
      this.inHand.push(...batch);
      if (this.#isKnownToBeHalted) watch.ignores(this, batch[0]!.sequence);
      if (this.#isHalted || this.#isStopped) {
        watch.neverBegun(this, batch);
        return;
      }
      this.#inbox.push(...batch);
      if (this.#current === undefined) this.#begin();
    }
  }

  #begin(): void {
    const { time, random, temper } = this.#parts;
    const event = this.#inbox.shift();
    if (event === undefined || !this.isAlive) return this.#tell();
    this.#current = event;
    const { slowMs } = temper();
    const takesMs = random.chance(0.5) ? 0 : random.whole(0, slowMs);
    time.after(takesMs, () => this.#act(event));
  }

  #act(event: Handed): void {
    const { time, random, temper } = this.#parts;
    if (!this.isAlive) return;
    const frozenMs = this.#frozenUntilMs - time.nowMs;
    if (frozenMs > 0) return void time.after(frozenMs, () => this.#act(event));
    switch (drawDeed(temper(), random, event.hash)) {
      case "hang":
        return this.#tell();
      case "die":
        if (random.chance(0.5)) this.#tell();
        return this.die(1);
      case "lie":
        this.#tell();
        return this.#lie();
      case "fail":
        this.#tell();
        this.#fail(event);
        break;
      default:
        this.#settled = { last: event.sequence, count: (this.#settled?.count ?? 0) + 1 };
        if (time.nowMs - this.#toldMs > 1) this.#tell();
    }
    this.#current = undefined;
    if (this.#isStopped) this.#leave();
    else this.#begin();
  }

  #fail({ sequence }: Handed): void {
    const { entry, watch } = this.#parts;
    const isHalting = entry.onFailure !== "skip";
    if (isHalting) {
      this.#isHalted = true;
      watch.neverBegun(this, this.#inbox);
      this.#inbox = [];
    }
    this.#say((listener) => {
      watch.failed(this, sequence);
      this.#answered(sequence, isHalting);
      this.#isKnownToBeHalted = this.#isHalted;
      listener.failed({ sequence, error: { name: "Error", message: "on purpose" } });
    });
  }

  /** Tells the host what has been settled since the last time. */
  #tell(): void {
    const { time, watch } = this.#parts;
    this.#toldMs = time.nowMs;
    const told = this.#settled;
    if (told === undefined) return;
    this.#settled = undefined;
    this.#say((listener) => {
      watch.settled(this, told.last);
      this.#answered(told.last, false);
      listener.settled({ sequence: told.last, count: told.count, longestUs: 1, bins: [] });
    });
  }

  #answered(sequence: number, isAllOver: boolean): void {
    this.progressMs = this.#parts.time.nowMs;
    const at = this.inHand.findIndex((handed) => handed.sequence === sequence);
    this.inHand = isAllOver ? [] : this.inHand.slice(at + 1);
  }

  /** Says something that the host cannot believe, whatever it has sent meanwhile. */
  #lie(): void {
    const { random } = this.#parts;
    const beyond = random.whole(1, 5);
    const error = { name: "Lie", message: "on purpose" };
    const notInHand = () => (this.inHand.at(-1)?.sequence ?? 2 ** 40) + beyond;
    this.#say(random.pick<(listener: PluginListener) => void>([
      (to) => to.settled({ sequence: notInHand(), count: 1, longestUs: 1, bins: [] }),
      (to) => to.failed({ sequence: notInHand(), error }),
      (to) => to.ready({ protocol: PROTOCOL_VERSION, handlers: [] }),
      // Asked to stop, it would be believed.
      (to) => this.isStopping ? to.broken("bytes that are no frame") : to.stopped(),
      (to) => to.broken("bytes that are no frame"),
      (to) => to.exceeded("it held too much"),
      (to) => to.refused({ stage: "load", error }),
    ]));
  }

  #leave(): void {
    this.#tell();
    this.#say((listener) => {
      listener.stopped();
      this.inHand = [];
    });
    this.die(0);
  }

  /** What is said arrives later, in order, as through a pipe. */
  #say(word: (listener: PluginListener) => void, isLast = false): void {
    const { time, random, listener, watch } = this.#parts;
    const atMs = Math.max(this.#lastSaidMs, time.nowMs + (random.chance(0.3) ? 1 : 0));
    this.#lastSaidMs = atMs;
    time.after(atMs - time.nowMs, () => {
      if (!watch.isHostAlive) return;
      // A pipe gives several messages at once now and then, and one turn for all of them.
      word(listener);
      if (!isLast) listener.turn();
    });
  }
}

function readBatch(frame: Uint8Array): Handed[] {
  const { attempt, count, entries } = decodeEventsBatch(frame.subarray(frameLayout.headBytes));
  const copy = entries.slice();
  const view = new DataView(copy.buffer);
  const batch: Handed[] = [];
  for (const { sequence, offset } of walkEntries(copy)) {
    const low = view.getUint32(offset + layout.entry.position, true);
    const boot = view.getUint32(offset + layout.entry.boot, true);
    const hash = Math.imul(low ^ (boot << 20) ^ (low >>> 13), 0x9e3779b1) >>> 0;
    batch.push({ sequence, attempt, hash });
  }
  if (batch.length !== count) throw new RangeError(`a frame of ${count} holds ${batch.length}`);
  return batch;
}
