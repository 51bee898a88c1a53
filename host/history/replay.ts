import type { Clock, Timer } from "../internal/clock.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type {
  FailedMessage,
  KeepMessage,
  KeptMessage,
  LogMessage,
  RefusedMessage,
} from "../protocol/messages.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { limitsOf } from "../supervisor/limits_of.ts";
import type {
  PluginExit,
  PluginListener,
  PluginProcess,
  StartPlugin,
} from "../supervisor/plugin_process.ts";
import { Refusals } from "./refusals.ts";
import type { ReplayFrame } from "./replay_frames.ts";

/** What a replay stands on. */
export interface ReplayOptions {
  readonly entry: PluginEntry;
  readonly frames: Iterator<ReplayFrame>;
  readonly startPlugin: StartPlugin;
  readonly clock: Clock;
  /** A process that is not ready after this long is killed, in milliseconds; the entry goes before. */
  readonly startTimeoutMs: number;
  /** How long the process may take to end at the end, in milliseconds. */
  readonly stopLimitMs: number;
  /** Ends the replay early when it aborts. */
  readonly signal: AbortSignal;
  /** Called with each line of log of the plugin. */
  readonly onLog: (message: LogMessage) => void;
  /** Called about once a second. */
  readonly onProgress: (report: ReplayReport) => void;
}

/** An event that the plugin failed on. */
export interface ReplayFailure {
  readonly sequence: number;
  readonly attempt: number;
  readonly kind: "failed" | "timedOut" | "crashed";
  readonly message: string;
}

/** What came of a replay, so far. */
export interface ReplayReport {
  readonly done: number;
  readonly failed: number;
  /** The first failures, at most {@linkcode FAILURES_KEPT_MAX}. */
  readonly failures: readonly ReplayFailure[];
  /** How many events were told attempt 1 because the store knows no outcome of them. */
  readonly attemptsUnknown: number;
  readonly refusals: Refusals;
  /** Why it ended before the last event; `undefined` when it did not. */
  readonly endedEarly: string | undefined;
}

/** More failures are only counted. */
export const FAILURES_KEPT_MAX = 100;

/** Events in a process's hand: enough that it never waits for the next one. */
const IN_HAND_MAX = 32;
/** A plugin whose process dies this often without settling anything in between is given up. */
const DEATHS_IN_A_ROW_MAX = 10;
const PROGRESS_MS = 1000;

/** Hands stored events to one plugin in a process of its own, apart from any host. */
export class Replay implements PluginListener {
  readonly #options: ReplayOptions;
  readonly #refusals = new Refusals();
  readonly #failures: ReplayFailure[] = [];
  /** Handed over and not answered, in sequence. */
  #inHand: ReplayFrame[] = [];
  /** Not begun by a process that died. */
  #again: ReplayFrame[] = [];
  /** Aborts while the process is being started, when it is not wanted any more. */
  #start: AbortController | undefined;
  #process: PluginProcess | undefined;
  #isReady = false;
  #isStopping = false;
  #killedBecause: { kind: "timedOut" | "crashed"; message: string } | undefined;
  #refused: RefusedMessage | undefined;
  #exited = Promise.withResolvers<PluginExit>();
  #limitTimer: Timer | undefined;
  #progressMs = 0;
  #done = 0;
  #failed = 0;
  #attemptsUnknown = 0;
  #deathsInARow = 0;
  #isOver = false;
  #endedEarly: string | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /**
   * Replays to the end, or until the plugin turns out not to start.
   *
   * @throws {PluginError} When its modules cannot be found.
   */
  async run(): Promise<ReplayReport> {
    const { signal, clock, onProgress } = this.#options;
    const onAbort = (): void => this.#end("it was stopped");
    signal.addEventListener("abort", onAbort);
    let progress: Timer | undefined;
    const tellProgress = (): void => {
      progress = clock.startTimer(PROGRESS_MS, () => {
        onProgress(this.report);
        tellProgress();
      });
    };
    tellProgress();
    try {
      while (!this.#isOver && !signal.aborted) await this.#life();
    } finally {
      progress?.cancel();
      signal.removeEventListener("abort", onAbort);
    }
    return this.report;
  }

  /** What has come of it so far; `refusals` goes on changing. */
  get report(): ReplayReport {
    return {
      done: this.#done,
      failed: this.#failed,
      failures: this.#failures,
      attemptsUnknown: this.#attemptsUnknown,
      refusals: this.#refusals,
      endedEarly: this.#endedEarly,
    };
  }

  ready(): void {
    this.#isReady = true;
    this.#limitTimer?.cancel();
    this.#limitTimer = undefined;
    this.turn();
  }

  refused(message: RefusedMessage): void {
    this.#refused = message;
    this.#refusals.add(message.error.message, undefined);
  }

  settled({ sequence }: Settled): void {
    let count = 0;
    while (this.#inHand.length > 0 && this.#inHand[0]!.sequence <= sequence) {
      this.#inHand.shift();
      count++;
    }
    if (count === 0) return this.broken(`an answer for event ${sequence}`);
    this.#done += count;
    this.#progressed();
  }

  failed({ sequence, error }: FailedMessage): void {
    if (this.#inHand[0]?.sequence !== sequence) {
      return this.broken(`a failure of event ${sequence}`);
    }
    this.#fail("failed", `${error.name}: ${error.message}`);
  }

  /** Who replays wants it done again: nothing is known from before, and nothing is kept. */
  keep({ sequence, key }: KeepMessage): void {
    const kept: KeptMessage = { sequence, key };
    this.#process?.send(encodeControlFrame(TO_PLUGIN.kept, kept));
  }

  log(message: LogMessage): void {
    const { sequence, fields } = message;
    this.#refusals.add(message.message, sequence);
    if (fields !== undefined) {
      this.#refusals.add(JSON.stringify(fields).replaceAll('\\"', '"'), sequence);
    }
    this.#options.onLog(message);
  }

  stopped(): void {
    // The exit follows at once.
  }

  exceeded(what: string): void {
    this.#kill("crashed", what);
  }

  hasWorked(): boolean {
    return true;
  }

  broken(what: string): void {
    this.#kill("crashed", `it broke the protocol with ${what}`);
  }

  /** Hands over what there is room for. */
  turn(): void {
    if (!this.#isReady || this.#isStopping || this.#process === undefined) return;
    while (this.#inHand.length < IN_HAND_MAX) {
      const next = this.#next();
      if (next === undefined) break;
      if (this.#inHand.length === 0) this.#progressMs = this.#options.clock.monotonic();
      this.#inHand.push(next);
      this.#process.send(next.frame);
    }
    if (this.#inHand.length === 0) this.#end(undefined);
    else if (this.#limitTimer === undefined) this.#startLimit(this.#options.entry.timeoutMs);
  }

  exited(exit: PluginExit): void {
    this.#exited.resolve(exit);
  }

  /** One process from its start to its end. */
  async #life(): Promise<void> {
    const { entry, startPlugin, clock } = this.#options;
    const { startTimeoutMs } = limitsOf(entry, this.#options);
    this.#isReady = this.#isStopping = false;
    this.#killedBecause = this.#refused = undefined;
    this.#exited = Promise.withResolvers();
    const start = this.#start = new AbortController();
    const unwanted = Promise.withResolvers<never>();
    start.signal.addEventListener("abort", () => unwanted.reject(start.signal.reason));
    this.#limitTimer = clock.startTimer(startTimeoutMs, () =>
      this.#kill(
        "timedOut",
        `it was not ready within ${startTimeoutMs} ms (startTimeoutMs); set startTimeoutMs in ` +
          "its registry entry if it needs more",
      ));
    const starting = startPlugin(entry, this, start.signal);
    try {
      this.#process = await Promise.race([starting, unwanted.promise]);
    } catch (error) {
      if (!start.signal.aborted) throw error;
      // It may come yet.
      starting.then((process) => process.kill(), () => {});
      if (!this.#isOver) this.#end(this.#cannotStart(this.#killedBecause!.message));
      return;
    } finally {
      this.#start = undefined;
      if (this.#process === undefined) this.#limitTimer?.cancel();
    }
    if (start.signal.aborted) this.#process.kill();
    if (this.#isReady) this.turn();
    const exit = await this.#exited.promise;
    start.abort();
    this.#process = undefined;
    this.#limitTimer?.cancel();
    this.#limitTimer = undefined;
    if (!this.#isOver) this.#died(exit);
  }

  #died(exit: PluginExit): void {
    const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    const memory = exit.isOutOfMemory ? `, out of memory (${this.#memoryWords()})` : "";
    const death = this.#killedBecause ?? { kind: "crashed" as const, message: `${how}${memory}` };
    if (!this.#isReady) return this.#end(this.#cannotStart(death.message));
    if (this.#inHand.length > 0) this.#fail(death.kind, death.message);
    this.#again = [...this.#inHand, ...this.#again];
    this.#inHand = [];
    if (++this.#deathsInARow < DEATHS_IN_A_ROW_MAX) return;
    this.#end(`the plugin's process died ${DEATHS_IN_A_ROW_MAX} times in a row: ${death.message}`);
  }

  #memoryWords(): string {
    return `memoryMb ${this.#options.entry.memoryMb}`;
  }

  #cannotStart(reason: string): string {
    if (this.#refused === undefined) return `the plugin does not start: ${reason}`;
    const { stage, error } = this.#refused;
    return `the plugin does not start: its ${stage} failed: ${error.name}: ${error.message}`;
  }

  #next(): ReplayFrame | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    const { value, done } = this.#options.frames.next();
    if (done === true) return undefined;
    if (!value.isAttemptKnown) this.#attemptsUnknown++;
    return value;
  }

  #fail(kind: ReplayFailure["kind"], message: string): void {
    const { sequence, attempt } = this.#inHand.shift()!;
    this.#failed++;
    this.#refusals.add(message, sequence);
    if (this.#failures.length < FAILURES_KEPT_MAX) {
      this.#failures.push({ sequence, attempt, kind, message });
    }
    if (kind === "failed") this.#progressed();
  }

  #progressed(): void {
    this.#deathsInARow = 0;
    this.#progressMs = this.#options.clock.monotonic();
  }

  /** One timer serves many events: when it fires it looks how long ago the last progress was. */
  #startLimit(waitMs: number): void {
    const { clock, entry } = this.#options;
    this.#limitTimer = clock.startTimer(waitMs, () => {
      this.#limitTimer = undefined;
      if (this.#inHand.length === 0) return;
      const leftMs = this.#progressMs + entry.timeoutMs - clock.monotonic();
      if (leftMs > 0) this.#startLimit(leftMs);
      else this.#kill("timedOut", `no answer for ${entry.timeoutMs} ms (timeoutMs)`);
    });
  }

  #kill(kind: "timedOut" | "crashed", message: string): void {
    this.#killedBecause ??= { kind, message };
    this.#start?.abort();
    this.#process?.kill();
  }

  /** Hands nothing more over and lets the process end by itself, for a while. */
  #end(early: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = this.#isStopping = true;
    this.#endedEarly = early;
    this.#limitTimer?.cancel();
    this.#start?.abort();
    const process = this.#process;
    if (process === undefined) return;
    if (!this.#isReady) return process.kill();
    process.send(encodeControlFrame(TO_PLUGIN.stop));
    const { clock, stopLimitMs } = this.#options;
    this.#limitTimer = clock.startTimer(stopLimitMs, () => process.kill());
  }
}
