import { layout } from "../events/layout.ts";
import { walkEntries } from "../events/walk_entries.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type { KeptMessage, KnownMessage, OnceOutcome } from "../protocol/messages.ts";
import { decodeEventsBatch } from "../protocol/events_batch.ts";
import { frameLayout } from "../protocol/frame_layout.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { PluginListener, PluginProcess, StartPlugin } from "../supervisor/plugin_process.ts";

/** One event as a faked plugin was handed it. */
export interface Handed {
  readonly plugin: string;
  readonly sequence: number;
  readonly attempt: number;
}

/** A process that does what a test tells it to. */
export class FakeProcess implements PluginProcess {
  readonly pid = 1;
  readonly plugin: string;
  readonly entry: PluginEntry;
  readonly listener: PluginListener;
  /** Handed over and not yet answered. */
  readonly inHand: Handed[] = [];
  /** When its modules had changed last before it loaded them. */
  changedMs?: number;
  isAlive = true;
  /** After a failure, when the host wants it: frames are thrown away until it says to go on. */
  isHalted = false;
  /** Told to stop, and still at the event in hand. */
  isStopping = false;
  readonly #haltsOnFailure: boolean;
  kills = 0;
  /** Keys by event that this process was told of before it was handed the event. */
  readonly known = new Map<number, Map<string, OnceOutcome>>();
  /** Keys that this process has told the host. */
  readonly told: KeptMessage[] = [];
  /** Keys that this process was told are stored. */
  readonly kept: KeptMessage[] = [];
  readonly #plugins: FakePlugins;

  constructor(entry: PluginEntry, listener: PluginListener, plugins: FakePlugins) {
    this.plugin = entry.id;
    this.entry = entry;
    this.#haltsOnFailure = entry.onFailure !== "skip";
    this.listener = listener;
    this.#plugins = plugins;
  }

  send(frame: Uint8Array<ArrayBuffer>, done?: () => void): void {
    this.#take(frame);
    // As a real process has it, the bytes are nobody's any more once they are written.
    frame.fill(0xee);
    done?.();
  }

  #take(frame: Uint8Array<ArrayBuffer>): void {
    if (!this.isAlive) return;
    if (frame[4] === TO_PLUGIN.stop) {
      const begun = this.#plugins.finishesInHand ? 1 : 0;
      for (const handed of this.inHand.splice(begun)) this.#plugins.neverBegun.add(handed);
      this.isStopping = true;
      this.#endWhenDone();
    } else if (frame[4] === TO_PLUGIN.resume) {
      this.isHalted = false;
    } else if (frame[4] === TO_PLUGIN.known || frame[4] === TO_PLUGIN.kept) {
      const message = JSON.parse(new TextDecoder().decode(frame.subarray(frameLayout.headBytes)));
      if (frame[4] === TO_PLUGIN.kept) this.kept.push(message);
      else {
        const { sequence, outcomes }: KnownMessage = message;
        this.known.set(sequence, new Map(outcomes));
      }
    } else if (frame[4] === TO_PLUGIN.events && !this.isHalted) {
      const { attempt, entries } = decodeEventsBatch(frame.slice(frameLayout.headBytes));
      for (const { sequence } of walkEntries(entries)) {
        const handed = { plugin: this.plugin, sequence, attempt };
        this.inHand.push(handed);
        this.#plugins.handed.push(handed);
        this.#plugins.onHanded(handed);
      }
    }
  }

  kill(): void {
    this.kills++;
    if (this.#plugins.isKilledAtOnce) this.die(137);
  }

  /** Says that it can take events. */
  up(): void {
    if (!this.isAlive) return;
    this.listener.ready({ protocol: PROTOCOL_VERSION, handlers: ["onEvent"] });
  }

  #endWhenDone(): void {
    if (!this.isStopping || this.inHand.length > 0) return;
    this.listener.stopped();
    this.die(0);
  }

  /** Settles the oldest `count` events in hand. */
  settle(count = this.inHand.length): void {
    if (!this.isAlive || count === 0) return;
    const { sequence } = this.inHand.splice(0, count).at(-1)!;
    this.#plugins.settled.push({ plugin: this.plugin, sequence });
    this.listener.settled({ sequence, count, longestUs: 1, bins: [0, count] });
    this.listener.turn();
    this.#endWhenDone();
  }

  /** Says that something has been done once in the oldest event in hand. */
  keep(key: string, outcome: OnceOutcome = {}, sequence = this.inHand[0]?.sequence): void {
    if (!this.isAlive || sequence === undefined) return;
    this.told.push({ sequence, key });
    this.listener.keep({ sequence, key, outcome });
    this.listener.turn();
  }

  /** Fails on the oldest event in hand. */
  fail(): void {
    const handed = this.inHand.shift();
    if (!this.isAlive || handed === undefined) return;
    const { sequence } = handed;
    if (this.#haltsOnFailure) {
      this.isHalted = true;
      for (const dropped of this.inHand) this.#plugins.neverBegun.add(dropped);
      this.inHand.length = 0;
    } else this.#plugins.settled.push({ plugin: this.plugin, sequence });
    this.listener.failed({ sequence, error: { name: "Error", message: "on purpose" } });
    this.listener.turn();
    this.#endWhenDone();
  }

  /** Ends. */
  die(code: number): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.listener.exited({ code, signal: null, isOutOfMemory: false });
  }
}

/** Starts faked processes and remembers all that they were handed. */
export class FakePlugins {
  readonly handed: Handed[] = [];
  /** What was in hand when a process was stopped, which begins nothing more then. */
  readonly neverBegun = new Set<Handed>();
  readonly settled: { plugin: string; sequence: number }[] = [];
  readonly running = new Map<string, FakeProcess>();
  /** Every process that there has been. */
  readonly all: FakeProcess[] = [];
  /** Called with each event that is handed over. */
  onHanded: (handed: Handed) => void = () => {};
  /** Whether a process is ready as soon as it is started. */
  isUpAtOnce = true;
  /** Whether a kill is noticed at once; otherwise when the test says `die`. */
  isKilledAtOnce = true;
  /** Whether a process that is told to stop waits until the test lets it settle what is in hand. */
  finishesInHand = false;
  /** Plugins of which a process was started while another one was alive. */
  readonly twice: string[] = [];

  readonly start: StartPlugin = (entry, listener) => {
    if (this.running.get(entry.id)?.isAlive) this.twice.push(entry.id);
    const process = new FakeProcess(entry, listener, this);
    this.running.set(entry.id, process);
    this.all.push(process);
    if (this.isUpAtOnce) queueMicrotask(() => process.up());
    return Promise.resolve(process);
  };

  /** The process of a plugin that runs now. */
  of(plugin: string): FakeProcess {
    return this.running.get(plugin)!;
  }
}

/** A drained batch of service starts: `count` entries of one boot from a position on. */
export function fakeBatch(boot: bigint, position: number, count: number): Uint8Array {
  const size = layout.serviceStart.bytes;
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    const offset = i * size;
    view.setBigUint64(offset + layout.entry.position, BigInt(position + i * 64), true);
    view.setBigUint64(offset + layout.entry.boot, boot, true);
    view.setBigInt64(offset + layout.entry.time, 1_800_000_000_000_000n, true);
    view.setUint32(offset + layout.entry.bytes, size, true);
    view.setUint16(offset + layout.entry.type, 16, true);
    view.setUint16(offset + layout.entry.payloadVersion, 1, true);
  }
  return bytes;
}
