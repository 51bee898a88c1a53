import type { LogFields } from "../internal/host_log.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type { FailedMessage, KeepMessage, LogMessage } from "../protocol/messages.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { Failure } from "../store/store.ts";
import { type KeeperUser, type PluginDeath, PluginKeeper } from "../supervisor/plugin_keeper.ts";
import { afterFailure } from "./after_failure.ts";
import { droppedWords } from "./failure_words.ts";
import { FailureTeller } from "./failure_teller.ts";
import type { LaneChange, LaneLegacy, LaneOptions } from "./lane_options.ts";
import { LaneOutcomes } from "./lane_outcomes.ts";
import { LaneProgress } from "./lane_progress.ts";
import { type LaneReport, LaneStatistics } from "./lane_statistics.ts";
import { OnceBook } from "./once_book.ts";
import { Outbox } from "./outbox.ts";
import { Pause } from "./pause.ts";
import { RecentLog } from "./recent_log.ts";
import { RedriveQueue } from "./redrive_queue.ts";
import { TimeLimit } from "./time_limit.ts";

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
  readonly #statistics: LaneStatistics;
  readonly #outbox: Outbox;
  readonly #outcomes: LaneOutcomes;
  readonly #progress: LaneProgress;
  /** The event whose time limit had the process killed, 0 when it was something else. */
  #overdue = 0;
  /** Up to here events are handed over one by one, to find the one that a process died of. */
  #probeUntil = 0;
  #isDirty = true;
  /** Whether an event was settled since somebody asked. */
  #hasSettled = false;
  #isDetached = false;
  readonly #limit: TimeLimit;
  /** How often the plugin has failed on the event at hand in a row. */
  #timesFailed = 0;
  readonly #pause: Pause;
  /** Whether the runner halted after a failure and waits for a word. */
  #isHalted = false;
  readonly #teller: FailureTeller;
  readonly #recentLog = new RecentLog();
  readonly #redrives = new RedriveQueue();
  readonly #once: OnceBook;

  constructor(options: LaneOptions) {
    this.entry = options.entry;
    this.#options = options;
    this.#statistics = options.before?.statistics ?? new LaneStatistics();
    this.#isDetached = options.before?.isDetached ?? false;
    this.#progress = new LaneProgress(options.cursor);
    this.#outcomes = new LaneOutcomes(this.entry.id);
    this.#teller = new FailureTeller(options);
    this.#once = options.before?.once ?? new OnceBook(options);
    this.#outbox = new Outbox(options, this.#once);
    this.#pause = new Pause(options.clock, options.onTurn);
    this.#limit = new TimeLimit(options.clock, this.entry.timeoutMs, () => this.#overLimit());
    this.#keeper = new PluginKeeper({ ...options, user: this });
  }

  /** Every event up to this one is settled. */
  get position(): number {
    return this.#progress.position;
  }

  /**
   * While a plugin is parked, and until it has caught up afterwards, the plugins behind it do not
   * wait for it.
   */
  get isDetached(): boolean {
    return this.#isDetached;
  }

  /** What a lane that takes this one's place goes on with. */
  get legacy(): LaneLegacy {
    const { cursor } = this.#progress;
    const [isDetached, statistics, once] = [this.#isDetached, this.#statistics, this.#once];
    return { cursor, isDetached, statistics, once };
  }

  /** The plugin's process; when one of `modules` has changed, the plugin may be mended. */
  get process(): Pick<PluginKeeper, "start" | "firstStart" | "modules" | "loadedMs" | "startedMs"> {
    return this.#keeper;
  }

  /** Lets the plugins behind this one go on without it. */
  detach(): void {
    this.#isDetached = true;
  }

  /** Dead letters go over once more from here, one by one, as soon as nothing else is in hand. */
  get redrives(): RedriveQueue {
    return this.#redrives;
  }

  /** Whether the plugin is parked, held or waits for a further try. */
  get isStuck(): boolean {
    return this.#pause.why !== undefined || this.#keeper.state === "parked";
  }

  /** Tries at once what waits for a further try, and starts a parked plugin. */
  release(why: string): void {
    if (!this.isStuck) return;
    this.#say("info", `The plugin is released: ${why}`);
    this.#pause.end();
    this.#keeper.release();
    this.#options.onTurn();
  }

  /** Finishes the event in hand and ends the process; kills it after `limitMs`. */
  stop(limitMs: number): Promise<void> {
    this.#limit.end();
    return this.#stop(limitMs);
  }

  /** As `stop`, but the event in hand has all of its time, and no more. */
  retire(limitMs: number): Promise<void> {
    return this.#stop(this.#limit.leftMs + limitMs);
  }

  async #stop(limitMs: number): Promise<void> {
    this.#outbox.clear();
    this.#pause.end();
    await this.#keeper.stop(limitMs);
    // The event in hand may have failed meanwhile.
    this.#pause.end();
    this.#limit.end();
  }

  /**
   * Makes ready what can be handed over.
   *
   * @param limit The last event that the plugin before this one has settled.
   * @param furthest The last event that any plugin behind this one has settled.
   * @returns What has to be stored first; then `flush` sends it.
   */
  plan(limit: number, furthest: number): LaneChange | undefined {
    const goesOn = this.#keeper.takesEvents && this.#pause.why !== "held";
    if (this.#isDetached && goesOn && this.position >= furthest) {
      this.#isDetached = false;
      this.#say("info", "The plugin has caught up");
    }
    if (this.#isDetached) this.#outcomes.fallBehind(limit);
    while (this.#keeper.takesEvents && this.#handOver(limit)) { /* all that there is */ }
    if (!this.#isDirty) return undefined;
    return {
      cursor: this.#progress.cursor,
      outcomes: this.#outcomes,
      redriving: this.#redrives.inHand,
      redriven: this.#redrives.over,
      kept: this.#once.pending,
    };
  }

  /** Says that what `plan` gave is stored, and sends what waits for that. */
  flush(): void {
    this.#isDirty = false;
    this.#outcomes.stored();
    this.#redrives.forget();
    const isSending = !this.#outbox.isEmpty;
    // First of all: the plugin's process wakes up while the rest is done here.
    this.#outbox.send(this.#keeper);
    if (!isSending) return;
    this.#limit.start();
    this.#progress.send();
  }

  /** @param newest Sequence of the newest event. */
  report(newest: number): LaneReport {
    const { state: process } = this.#keeper;
    const state = process === "parked" ? process : this.#pause.why ?? process;
    return this.#statistics.report(this.entry.id, state, newest - this.position);
  }

  up(): void {
    this.#progress.begin();
    this.#overdue = 0;
    this.#isHalted = false;
    this.#options.onTurn();
  }

  turn(): void {
    this.#options.onTurn();
  }

  hasWorked(): boolean {
    const hasSettled = this.#hasSettled;
    this.#hasSettled = false;
    return hasSettled || this.#progress.sent > this.position || this.#redrives.inHand !== undefined;
  }

  settled(message: Settled): void {
    const { sequence } = message;
    if (this.#redrives.isInHand(sequence)) return this.#endRedrive();
    if (sequence <= this.position || sequence > this.#progress.sent) {
      return this.#brokenBy(`an answer for event ${sequence}`);
    }
    this.#statistics.addSettled(message, sequence - this.position);
    const first = this.position + 1;
    this.#outcomes.addDone(first, sequence, this.#progress.attemptsOf(first));
    this.#advance(sequence);
  }

  failed(message: FailedMessage): void {
    const { sequence, error: { name, message: text, stack } } = message;
    const isRedrive = this.#redrives.isInHand(sequence);
    if (!isRedrive && (sequence !== this.position + 1 || sequence > this.#progress.sent)) {
      return this.#brokenBy(`a failure of event ${sequence}`);
    }
    if (isRedrive) this.#endRedrive("failed", `${name}: ${text}`, stack);
    else this.#fail("failed", `${name}: ${text}`, stack);
    if (this.entry.onFailure !== "skip") this.#halt();
  }

  keep(message: KeepMessage): void {
    const redriven = this.#redrives.inHand?.sequence;
    const wrong = this.#once.keep(message, this.position, this.#progress.sent, redriven);
    if (wrong !== undefined) this.#keeper.broken(wrong);
    this.#isDirty = true;
  }

  logged(message: LogMessage): void {
    this.#recentLog.add(message);
  }

  stopped(): void {
    this.#progress.stop();
    this.#isDirty = true;
  }

  down(death: PluginDeath): void {
    this.#limit.end();
    this.#statistics.deaths++;
    if (this.#redrives.inHand !== undefined) this.#endRedrive(death.kind, death.reason);
    this.#outbox.clear();
    const { position, sent } = this.#progress;
    const inHand = sent - position;
    // An event is blamed when the time limit was reached on it alone, or when it was in hand a second
    // time as the process died: the first time, somebody else may have killed it.
    const isBlamed = death.kind === "timedOut"
      ? this.#overdue === position + 1
      : position < this.#probeUntil;
    if (inHand === 1 && isBlamed) this.#fail(death.kind, death.reason);
    else if (inHand > 0) this.#probeUntil = sent;
    this.#progress.forget();
    if (this.#keeper.state === "parked") this.#isDetached = true;
    this.#options.onTurn();
  }

  /** Makes one frame ready; false when there is nothing to hand over or too much is in hand. */
  #handOver(limit: number): boolean {
    if (this.#pause.why !== undefined || this.#redrives.inHand !== undefined) return false;
    if (this.#redrives.isWaiting) return this.#handOverRedrive();
    const progress = this.#progress;
    const isProbing = progress.position < this.#probeUntil;
    const framesMax = isProbing ? 1 : FRAMES_IN_HAND_MAX;
    if (progress.planned >= limit || progress.frames >= framesMax) return false;
    const from = this.skipDropped(limit);
    if (from > limit) return false;
    const attempt = progress.attemptsOf(from) + 1;
    const to = isProbing ? from : progress.runEnd(from, limit);
    this.#sayResume();
    const last = this.#outbox.addEvents(from, to, attempt);
    progress.plan(from, last, attempt);
    this.#isDirty = true;
    return true;
  }

  /** A dead letter goes alone, when all that was handed over is settled. */
  #handOverRedrive(): false {
    if (this.#progress.frames > 0) return false;
    // Read first: when that fails, nothing has begun, and it is tried again.
    const { sequence, attempt } = this.#redrives.next;
    const isThere = (this.#options.source.at(sequence)?.first ?? Infinity) <= sequence;
    if (isThere) this.#sayResume();
    if (isThere) this.#outbox.addEvents(sequence, sequence, attempt);
    this.#redrives.begin();
    if (!isThere) {
      this.#say("error", `Event ${sequence} was dropped by retention and cannot be handed over`);
      this.#redrives.end(false);
    }
    this.#isDirty = true;
    return false;
  }

  /** The runner stopped at a failure and threw the rest of its frames away. */
  #halt(): void {
    this.#isHalted = true;
    this.#limit.end();
    this.#outbox.clear();
    this.#progress.halt(this.#timesFailed > 0);
  }

  #sayResume(): void {
    if (!this.#isHalted) return;
    this.#isHalted = false;
    this.#outbox.add(encodeControlFrame(TO_PLUGIN.resume));
  }

  #endRedrive(kind?: Failure["kind"], message = "", stack?: string): void {
    const { sequence, attempt } = this.#redrives.end(kind === undefined);
    this.#limit.end();
    this.#isDirty = true;
    const log = this.#recentLog.take(sequence);
    if (kind === undefined) return;
    this.#outcomes.addFailure({ sequence, attempt, kind, message, stack, log });
    const event = this.#options.source.idOf(sequence);
    this.#say("error", `A dead letter failed once more: ${message}`, { event, sequence });
  }

  /**
   * Goes on behind what retention has dropped, unless something is in hand.
   *
   * @returns The event that is handed over next; beyond `limit` when there is none.
   */
  skipDropped(limit: number): number {
    const from = this.#progress.planned + 1;
    const first = from > limit ? from : this.#options.source.at(from)?.first ?? limit + 1;
    if (first <= from) return from;
    // What is in hand is settled first.
    if (this.#progress.frames > 0) return limit + 1;
    this.#say("error", droppedWords(from, first - 1));
    this.#outcomes.addDropped(from, first - 1);
    this.#progress.skip(first - 1);
    this.#advance(first - 1);
    return first;
  }

  #advance(position: number): void {
    this.#progress.settle(position);
    this.#timesFailed = 0;
    this.#isDirty = true;
    this.#hasSettled = true;
    this.#limit.progress();
    // What has been told to stop begins nothing more.
    if (position === this.#progress.sent || this.#keeper.isStopping) this.#limit.pause();
  }

  #fail(kind: Failure["kind"], message: string, stack?: string): void {
    const sequence = this.position + 1;
    const attempt = this.#progress.attemptsOf(sequence);
    const { random, limits } = this.#options;
    const next = afterFailure(this.entry, ++this.#timesFailed, random);
    const log = this.#recentLog.take(sequence);
    this.#teller.tell({ kind, message, stack, next, attempt, sequence });
    if (next.do === "skip") {
      this.#statistics.failed++;
      this.#outcomes.addFailure({ sequence, attempt, kind, message, stack, log });
      return this.#advance(sequence);
    }
    this.#isDirty = true;
    this.#probeUntil = Math.max(this.#probeUntil, sequence);
    if (next.do === "hold") this.#isDetached = true;
    if (next.do === "hold") this.#pause.begin("held", limits.parkedRetryMs);
    else this.#pause.begin("retrying", next.waitMs);
  }

  #overLimit(): void {
    const { position, sent } = this.#progress;
    if (sent === position && this.#redrives.inHand === undefined) return;
    this.#overdue = position + 1;
    const reason = `no answer for ${this.entry.timeoutMs} ms (timeoutMs); set timeoutMs in its ` +
      "registry entry if it needs more";
    this.#keeper.kill({ kind: "timedOut", reason });
  }

  #brokenBy(what: string): void {
    this.#keeper.broken(`${what}, expected one of ${this.position + 1} to ${this.#progress.sent}`);
  }

  #say(level: LogMessage["level"], message: string, fields?: LogFields): void {
    this.#options.log[level](message, { plugin: this.entry.id, ...fields });
  }
}
