import type { Clock, Timer } from "../internal/clock.ts";
import { PluginError } from "../internal/errors.ts";
import type { HostLog, LogFields } from "../internal/host_log.ts";
import type { Random } from "../internal/random.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type {
  FailedMessage,
  KeepMessage,
  LogMessage,
  ReadyMessage,
  RefusedMessage,
} from "../protocol/messages.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { OneLife } from "./_one_life.ts";
import { fileMbOf } from "./file_mb_of.ts";
import type { PluginExit, PluginListener, PluginProcess, StartPlugin } from "./plugin_process.ts";
import { type RestartLimits, RestartPolicy } from "./restart_policy.ts";

/** Limits of keeping a plugin's process alive. */
export interface KeeperLimits extends RestartLimits {
  /** A process that is not ready after this long is killed, in milliseconds. */
  readonly startTimeoutMs: number;
  /** How long after parking the plugin is tried again, in milliseconds. */
  readonly parkedRetryMs: number;
}

/**
 * - `starting`: the process has been started and is not ready yet.
 * - `ready`: takes events.
 * - `waiting`: the process died and is started again after a while.
 * - `parked`: it keeps dying, or cannot be started; it is tried again after a long while.
 * - `stopping`, `stopped`: the host is going down.
 */
export type KeeperState = "starting" | "ready" | "waiting" | "parked" | "stopping" | "stopped";

/** Why a process ended. */
export interface PluginDeath {
  /** `timedOut` when the time limit of an event killed it, else `crashed`. */
  readonly kind: "timedOut" | "crashed";
  /** In words, without the plugin's name. */
  readonly reason: string;
  /** Whether it would die of the same again, as when its module or its configuration is wrong. */
  readonly isLasting?: boolean;
}

/** Who uses the process. */
export interface KeeperUser {
  /** A new process is ready. */
  up(): void;
  /** Events have been settled. */
  settled(message: Settled): void;
  /** A handler failed. */
  failed(message: FailedMessage): void;
  /** Something was done once in an event; it waits until that is stored. */
  keep(message: KeepMessage): void;
  /** A line of log; it has been passed to the host's log already. */
  logged(message: LogMessage): void;
  /** After a stop: nothing beyond what was settled has been begun. */
  stopped(): void;
  /** Whether events were in its hand since the last time this was asked. */
  hasWorked(): boolean;
  /** All messages of one read have been passed on. */
  turn(): void;
  /** The process is gone. The state already says what happens next. */
  down(death: PluginDeath): void;
}

/** What a keeper stands on. */
export interface KeeperOptions {
  readonly entry: PluginEntry;
  readonly user: KeeperUser;
  readonly startPlugin: StartPlugin;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: HostLog;
  readonly limits: KeeperLimits;
}

/** Keeps the process of one plugin alive: starts it, starts it again, and knows when to give up. */
export class PluginKeeper implements PluginListener {
  readonly #options: KeeperOptions;
  readonly #policy: RestartPolicy;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #settledStart = Promise.withResolvers<void>();
  #state: KeeperState = "waiting";
  #life: OneLife | undefined;
  #process: PluginProcess | undefined;
  #modules: readonly string[];
  #timer: Timer | undefined;
  #startedMs = 0;
  /** When a process that is stopping is killed, in monotonic time. */
  #stopByMs = Infinity;
  #killedBecause: PluginDeath | undefined;
  #refused: RefusedMessage | undefined;
  #saidReady = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#modules = [options.entry.path];
    this.#policy = new RestartPolicy(options.limits, options.random);
  }

  get state(): KeeperState {
    return this.#state;
  }

  /** Whether events may be handed over: the process is ready and nobody is killing it. */
  get takesEvents(): boolean {
    return this.#state === "ready" && this.#killedBecause === undefined;
  }

  /** Whether the process has been told to end, or has ended for that. */
  get isStopping(): boolean {
    return this.#state === "stopping" || this.#state === "stopped";
  }

  /** The files that decide how the plugin behaves, as far as they are known. */
  get modules(): readonly string[] {
    return this.#modules;
  }

  /** When one of the modules had changed last before the process that runs now loaded them. */
  get loadedMs(): number | undefined {
    return this.#process?.changedMs;
  }

  /** When the last start was begun, by the wall clock. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** Settles when the first start has led to a plugin that is ready, or to none. */
  get firstStart(): Promise<void> {
    return this.#settledStart.promise;
  }

  /** Starts the process. */
  start(): void {
    const { entry, clock, limits, startPlugin } = this.#options;
    this.#state = "starting";
    this.#startedMs = clock.now();
    this.#killedBecause = this.#refused = undefined;
    this.#saidReady = false;
    const life = this.#life = new OneLife(this);
    this.#timer = clock.startTimer(limits.startTimeoutMs, () =>
      this.#giveUp({
        kind: "timedOut",
        reason: `it was not ready within ${limits.startTimeoutMs} ms (startTimeoutMs); set ` +
          "startTimeoutMs in its registry entry if it needs more",
      }));
    startPlugin(entry, life, life.signal).then((process) => {
      if (life.isOver) return process.kill();
      this.#process = process;
      this.#modules = process.modules ?? this.#modules;
      if (this.#saidReady) this.#becomeReady();
      if (this.#killedBecause !== undefined) process.kill();
    }, (error: unknown) => {
      if (life.isOver) return;
      life.end();
      const reason = error instanceof Error ? error.message : String(error);
      const isLasting = error instanceof PluginError;
      if (isLasting && error.files.length > 0) this.#modules = error.files;
      this.#died({ kind: "crashed", reason, isLasting });
    });
  }

  /** Kills a process that has not become ready; one that is not even there is not waited for. */
  #giveUp(because: PluginDeath): void {
    this.kill(because);
    if (this.#process !== undefined) return;
    this.#life?.end();
    this.#died(because);
  }

  /** Starts a parked or waiting plugin at once. */
  release(): void {
    if (this.#state !== "parked" && this.#state !== "waiting") return;
    this.#timer?.cancel();
    this.#policy.reset();
    this.start();
  }

  /** Sends a frame to the process; only when it is ready. */
  send(frame: Uint8Array<ArrayBuffer>, done?: () => void): void {
    this.#process?.send(frame, done);
  }

  /** Kills the process, which is then started again. */
  kill(because: PluginDeath): void {
    this.#killedBecause ??= because;
    this.#process?.kill();
  }

  /**
   * Lets the process finish what is in hand and end by itself; kills it after `limitMs`. Called
   * again, it may only make that sooner.
   *
   * @returns When the process is gone.
   */
  stop(limitMs: number): Promise<void> {
    const before = this.#state;
    const byMs = this.#options.clock.monotonic() + limitMs;
    if (this.isStopping && (before === "stopped" || byMs >= this.#stopByMs)) {
      return this.#stopped.promise;
    }
    this.#timer?.cancel();
    this.#state = "stopping";
    this.#stopByMs = byMs;
    if (before === "ready" || before === "stopping") {
      this.#timer = this.#options.clock.startTimer(limitMs, () => {
        this.#say("warn", `Killed: it did not stop within ${limitMs} ms (stopLimitMs)`);
        this.#process?.kill();
      });
      if (before === "ready") this.#process?.send(encodeControlFrame(TO_PLUGIN.stop));
    } else if (this.#process !== undefined) this.#process.kill();
    else {
      this.#life?.end();
      this.#end();
    }
    return this.#stopped.promise;
  }

  ready({ protocol }: ReadyMessage): void {
    if (protocol !== PROTOCOL_VERSION) {
      return this.broken(`version ${protocol} of it, expected ${PROTOCOL_VERSION}`);
    }
    if (this.#saidReady) return this.broken("a second word that it is ready");
    this.#saidReady = true;
    this.#becomeReady();
  }

  #becomeReady(): void {
    const isExpected = this.#state === "starting" && this.#killedBecause === undefined;
    if (!isExpected || this.#process === undefined) return;
    this.#timer?.cancel();
    this.#state = "ready";
    this.#say("debug", "The plugin is ready");
    this.#settledStart.resolve();
    this.#options.user.up();
  }

  refused(message: RefusedMessage): void {
    if (this.#state === "ready") this.broken("a refusal to start, although it is ready");
    else this.#refused = message;
  }

  settled(message: Settled): void {
    this.#options.user.settled(message);
  }

  failed(message: FailedMessage): void {
    this.#options.user.failed(message);
  }

  keep(message: KeepMessage): void {
    this.#options.user.keep(message);
  }

  stopped(): void {
    if (this.#state === "stopping") this.#options.user.stopped();
    else this.broken("word that it stopped, although nobody stops it");
  }

  turn(): void {
    this.#options.user.turn();
  }

  log(message: LogMessage): void {
    this.#options.user.logged(message);
    const { sequence, eventId, fields } = message;
    const place = eventId === undefined ? {} : { event: eventId, sequence };
    // What a plugin says stands apart from what the host says of it.
    this.#say(message.level, message.message, { ...place, fields: fields ?? {} });
  }

  exceeded(what: string, isLasting = false): void {
    this.kill({ kind: "crashed", reason: what, isLasting });
  }

  hasWorked(): boolean {
    const hadEvents = this.#options.user.hasWorked();
    return hadEvents || this.#state !== "ready";
  }

  broken(what: string): void {
    this.kill({ kind: "crashed", reason: `it broke the protocol with ${what}` });
  }

  exited(exit: PluginExit): void {
    this.#process = undefined;
    this.#died(this.#killedBecause ?? this.#deathOf(exit));
  }

  #died(death: PluginDeath): void {
    const { user, clock, limits } = this.#options;
    this.#timer?.cancel();
    this.#settledStart.resolve();
    if (this.#state === "stopping") return this.#end();
    const waitMs = death.isLasting ? undefined : this.#policy.died(clock.monotonic());
    if (waitMs === undefined) {
      this.#state = "parked";
      this.#policy.reset();
      this.#timer = clock.startTimer(limits.parkedRetryMs, () => this.start());
      this.#say("error", this.#parkedWords(death));
    } else {
      this.#state = "waiting";
      this.#timer = clock.startTimer(waitMs, () => this.start());
      this.#say("error", `The plugin's process ended: ${death.reason}; it is started again`, {
        restartInMs: Math.round(waitMs),
      });
    }
    user.down(death);
  }

  #end(): void {
    this.#timer?.cancel();
    this.#state = "stopped";
    this.#settledStart.resolve();
    this.#stopped.resolve();
  }

  #deathOf(exit: PluginExit): PluginDeath {
    if (this.#refused !== undefined) {
      const { stage, error } = this.#refused;
      const where = {
        protocol: "the runner is of another version",
        load: "its module cannot be loaded",
        config: "its configuration in the registry is wrong",
        onStart: "its onStart failed",
      }[stage];
      const reason = `${where}: ${error.name}: ${error.message}`;
      return { kind: "crashed", reason, isLasting: stage !== "onStart" };
    }
    const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    const why = exit.isOutOfMemory
      ? `, out of memory (memoryMb ${this.#options.entry.memoryMb}); set memoryMb in its registry ` +
        "entry if it needs more"
      : exit.signal === "SIGXFSZ"
      ? `, a file that it wrote would have been longer than ${fileMbOf(this.#options.entry)} MiB ` +
        "(fileMb); set fileMb in its registry entry if it needs more"
      : "";
    return { kind: "crashed", reason: `${how}${why}` };
  }

  #parkedWords({ reason, isLasting }: PluginDeath): string {
    const { deathsPerWindowMax, windowMs, parkedRetryMs } = this.#options.limits;
    const why = isLasting
      ? reason
      : `its process ended more than ${deathsPerWindowMax} times (deathsPerWindowMax) within ${
        windowMs / 1000
      } s (windowMs), the last time because of: ${reason}`;
    const more = isLasting ? "" : " (deathsPerWindowMax if it may end more often)";
    return `The plugin is parked: ${why}; its events wait, the other plugins go on; mend the plugin ` +
      `or its registry entry${more}, which is noticed; it is also tried again in ${
        parkedRetryMs / 1000
      } s`;
  }

  #say(level: LogMessage["level"], message: string, fields?: LogFields): void {
    this.#options.log[level](message, { plugin: this.#options.entry.id, ...fields });
  }
}
