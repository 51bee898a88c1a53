import type { Clock, Timer } from "../internal/clock.ts";
import type { HostLog, LogFields } from "../internal/host_log.ts";
import type { Random } from "../internal/random.ts";
import type { FailedMessage, LogMessage } from "../protocol/messages.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { AttemptRun, Cursor, Failure } from "../store/store.ts";
import {
  type KeeperLimits,
  type KeeperUser,
  type PluginDeath,
  PluginKeeper,
} from "../supervisor/plugin_keeper.ts";
import type { StartPlugin } from "../supervisor/plugin_process.ts";
import { attemptsOf, handedOver, runEnd, settledUpTo } from "./attempt_runs.ts";
import type { EventSource } from "./event_source.ts";
import { type FrameLimits, makeFrame } from "./make_frame.ts";
import { type LaneReport, LaneStatistics } from "./lane_statistics.ts";

/** Limits of one lane. */
export interface LaneLimits extends KeeperLimits, FrameLimits {}

/** What a lane stands on. */
export interface LaneOptions {
  readonly entry: PluginEntry;
  readonly cursor: Cursor;
  readonly source: EventSource;
  readonly startPlugin: StartPlugin;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: HostLog;
  readonly limits: LaneLimits;
  /** Called when the lane may have something to store or to send. */
  readonly onTurn: () => void;
}

/** What a lane wants to have stored before anything of it leaves the host. */
export interface LaneChange {
  readonly cursor: Cursor;
  readonly failures: readonly Failure[];
}

/** Frames in a process's hand: one that it works on, one that lies ready. */
const FRAMES_IN_HAND_MAX = 2;

/**
 * One plugin's way through the events: hands them over in sequence, holds the time limit, and
 * knows how far the plugin is.
 */
export class Lane implements KeeperUser {
  readonly entry: PluginEntry;
  readonly #options: LaneOptions;
  readonly #keeper: PluginKeeper;
  readonly #statistics = new LaneStatistics();
  /** The last event of each frame in hand. */
  readonly #frameEnds: number[] = [];
  #frames: Uint8Array<ArrayBuffer>[] = [];
  #failures: Failure[] = [];
  #runs: readonly AttemptRun[];
  /** `#runs` as it was before the process that runs now was handed anything. */
  #runsBefore: readonly AttemptRun[];
  #position: number;
  /** The last event that a frame has been made of for the process that runs now. */
  #planned: number;
  /** The last event that has left for it; behind `#planned` while the store cannot be written. */
  #sent: number;
  /** The event whose time limit had the process killed, 0 when it was something else. */
  #overdue = 0;
  /** Up to here events are handed over one by one, to find the one that a process died of. */
  #probeUntil = 0;
  #isDirty = true;
  #isDetached = false;
  #progressMs = 0;
  #limitTimer: Timer | undefined;

  constructor(options: LaneOptions) {
    this.entry = options.entry;
    this.#options = options;
    this.#position = this.#planned = this.#sent = options.cursor.settled;
    this.#runs = this.#runsBefore = settledUpTo(options.cursor.runs, this.#position);
    this.#keeper = new PluginKeeper({ ...options, user: this });
  }

  /** Every event up to this one is settled. */
  get position(): number {
    return this.#position;
  }

  /**
   * While a plugin is parked, and until it has caught up afterwards, the plugins behind it do not
   * wait for it.
   */
  get isDetached(): boolean {
    return this.#isDetached;
  }

  /** Settles when the first start has led to a plugin that is ready, or to none. */
  get firstStart(): Promise<void> {
    return this.#keeper.firstStart;
  }

  /** Lets the plugins behind this one go on without it. */
  detach(): void {
    this.#isDetached = true;
  }

  /** Starts the plugin's process. */
  start(): void {
    this.#keeper.start();
  }

  /** Finishes the event in hand and ends the process; kills it after `limitMs`. */
  stop(limitMs: number): Promise<void> {
    this.#limitTimer?.cancel();
    this.#limitTimer = undefined;
    this.#frames = [];
    return this.#keeper.stop(limitMs);
  }

  /**
   * Makes ready what can be handed over.
   *
   * @param limit The last event that the plugin before this one has settled.
   * @param furthest The last event that any plugin behind this one has settled.
   * @returns What has to be stored first; then `flush` sends it.
   */
  plan(limit: number, furthest: number): LaneChange | undefined {
    if (this.#isDetached && this.#keeper.takesEvents && this.#position >= furthest) {
      this.#isDetached = false;
      this.#say("info", "The plugin has caught up");
    }
    while (this.#keeper.takesEvents && this.#handOver(limit)) { /* all that there is */ }
    if (!this.#isDirty) return undefined;
    return { cursor: { settled: this.#position, runs: this.#runs }, failures: this.#failures };
  }

  /** Says that what `plan` gave is stored, and sends what waits for that. */
  flush(): void {
    this.#isDirty = false;
    this.#failures = [];
    if (this.#frames.length > 0 && this.#limitTimer === undefined) this.#startLimit();
    for (const frame of this.#frames) this.#keeper.send(frame);
    if (this.#frames.length > 0) this.#sent = this.#planned;
    this.#frames = [];
  }

  /** @param newest Sequence of the newest event. */
  report(newest: number): LaneReport {
    return this.#statistics.report(this.entry.id, this.#keeper.state, newest - this.#position);
  }

  up(): void {
    this.#planned = this.#sent = this.#position;
    this.#runsBefore = this.#runs;
    this.#overdue = 0;
    this.#options.onTurn();
  }

  turn(): void {
    this.#options.onTurn();
  }

  settled(message: Settled): void {
    const { sequence } = message;
    if (sequence <= this.#position || sequence > this.#sent) {
      return this.#brokenBy(`an answer for event ${sequence}`);
    }
    this.#statistics.addSettled(message, sequence - this.#position);
    this.#advance(sequence);
  }

  failed(message: FailedMessage): void {
    if (message.sequence !== this.#position + 1 || message.sequence > this.#sent) {
      return this.#brokenBy(`a failure of event ${message.sequence}`);
    }
    const { name, message: text, stack } = message.error;
    this.#fail("failed", `${name}: ${text}`, stack);
  }

  stopped(): void {
    this.#planned = this.#sent = this.#position;
    this.#runs = settledUpTo(this.#runsBefore, this.#position);
    this.#isDirty = true;
  }

  down(death: PluginDeath): void {
    this.#limitTimer?.cancel();
    this.#limitTimer = undefined;
    this.#statistics.deaths++;
    this.#frameEnds.length = 0;
    this.#frames = [];
    const inHand = this.#sent - this.#position;
    // An event is blamed when the time limit was reached on it alone, or when it was in hand a second
    // time as the process died: the first time, somebody else may have killed it.
    const isSecondTime = this.#position < this.#probeUntil;
    const isBlamed = death.kind === "timedOut"
      ? this.#overdue === this.#position + 1
      : isSecondTime;
    if (inHand === 1 && isBlamed) {
      this.#fail(death.kind, death.reason);
    } else if (inHand > 0) this.#probeUntil = this.#sent;
    this.#planned = this.#sent = this.#position;
    if (this.#keeper.state === "parked") this.#isDetached = true;
    this.#options.onTurn();
  }

  /** Makes one frame ready; false when there is nothing to hand over or too much is in hand. */
  #handOver(limit: number): boolean {
    const isProbing = this.#position < this.#probeUntil;
    const framesMax = isProbing ? 1 : FRAMES_IN_HAND_MAX;
    if (this.#planned >= limit || this.#frameEnds.length >= framesMax) return false;
    const from = this.#skipDropped(this.#planned + 1, limit);
    if (from > limit) return false;
    const attempt = attemptsOf(this.#runs, from) + 1;
    const to = isProbing ? from : runEnd(this.#runs, from, limit);
    const frame = makeFrame(this.#options.source, from, to, attempt, this.#options.limits);
    this.#runs = handedOver(this.#runs, from, frame.last, attempt);
    this.#frames.push(frame.bytes);
    this.#frameEnds.push(frame.last);
    this.#planned = frame.last;
    this.#isDirty = true;
    return true;
  }

  /** Retention may have dropped what a plugin that was away for long has not seen. */
  #skipDropped(from: number, limit: number): number {
    const first = this.#options.source.at(from)?.first ?? limit + 1;
    if (first <= from) return from;
    this.#say(
      "error",
      `${first - from} events were dropped by retention before this plugin saw them`,
    );
    this.#position = this.#planned = this.#sent = first - 1;
    this.#isDirty = true;
    return first;
  }

  #advance(position: number): void {
    this.#position = position;
    this.#runs = settledUpTo(this.#runs, position);
    this.#isDirty = true;
    while (this.#frameEnds.length > 0 && this.#frameEnds[0]! <= position) this.#frameEnds.shift();
    this.#progressMs = this.#options.clock.monotonic();
    if (this.#position === this.#sent) {
      this.#limitTimer?.cancel();
      this.#limitTimer = undefined;
    }
  }

  #fail(kind: Failure["kind"], message: string, stack?: string): void {
    const sequence = this.#position + 1;
    const attempt = attemptsOf(this.#runs, sequence);
    this.#statistics.failed++;
    this.#failures.push({ plugin: this.entry.id, sequence, attempt, kind, message });
    const words = {
      failed: "The plugin's handler failed",
      timedOut: `The plugin's handler took longer than timeoutMs (${this.entry.timeoutMs})`,
      crashed: "The plugin's process ended in its handler",
    }[kind];
    this.#say("error", `${words}: ${message}; the event is skipped (onFailure skip)`, {
      event: this.#options.source.idOf(sequence),
      sequence,
      attempt,
      ...(stack === undefined ? {} : { stack }),
    });
    this.#advance(sequence);
  }

  #startLimit(): void {
    const { clock } = this.#options;
    this.#progressMs = clock.monotonic();
    this.#limitTimer = clock.startTimer(this.entry.timeoutMs, () => this.#checkLimit());
  }

  /** One timer serves many events: when it fires it looks how long ago the last progress was. */
  #checkLimit(): void {
    const { clock } = this.#options;
    this.#limitTimer = undefined;
    if (this.#sent === this.#position) return;
    const leftMs = this.#progressMs + this.entry.timeoutMs - clock.monotonic();
    if (leftMs > 0) {
      this.#limitTimer = clock.startTimer(leftMs, () => this.#checkLimit());
      return;
    }
    this.#overdue = this.#position + 1;
    const reason = `no answer for ${this.entry.timeoutMs} ms (timeoutMs)`;
    this.#keeper.kill({ kind: "timedOut", reason });
  }

  #brokenBy(what: string): void {
    this.#keeper.broken(`${what}, expected one of ${this.#position + 1} to ${this.#sent}`);
  }

  #say(level: LogMessage["level"], message: string, fields?: LogFields): void {
    this.#options.log[level](message, { plugin: this.entry.id, ...fields });
  }
}
