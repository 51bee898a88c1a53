import type { Clock, Timer } from "../internal/clock.ts";
import type { HostLog } from "../internal/host_log.ts";
import { StoreError } from "../internal/errors.ts";
import { invariant } from "../internal/invariant.ts";
import type { Random } from "../internal/random.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { SessionChanges, SessionLimits } from "../sessions/session_book.ts";
import { isDamaged } from "../store/is_damaged.ts";
import type { Store, StoreRequest, StoreRequests } from "../store/store.ts";
import type { StartPlugin } from "../supervisor/plugin_process.ts";
import { EntryWriter } from "./entry_writer.ts";
import { EventSource, type EventSourceLimits } from "./event_source.ts";
import { FramePool } from "./frame_pool.ts";
import type { Lane } from "./lane.ts";
import type { LaneChange, LaneLimits } from "./lane_options.ts";
import type { LaneReport } from "./lane_statistics.ts";
import { LineUp } from "./line_up.ts";
import type { Redrive } from "./redrive_queue.ts";
import { SessionDesk } from "./session_desk.ts";
import { takeIn, type TakenIn } from "./take_in.ts";

/** All limits of the pipeline. */
export interface PipelineLimits extends LaneLimits, EventSourceLimits, SessionLimits {
  /** How long a plugin that has nothing in hand may take to end, in milliseconds. */
  readonly stopLimitMs: number;
}

/** What a pipeline stands on. */
export interface PipelineOptions {
  /** The enabled plugins in call order. */
  readonly plugins: readonly PluginEntry[];
  readonly store: Store;
  readonly startPlugin: StartPlugin;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: HostLog;
  readonly limits: PipelineLimits;
  /** Called when the store is damaged; nothing is delivered any more then. */
  readonly onDamage?: (error: StoreError) => void;
}

interface Arriving {
  readonly taken: TakenIn;
  readonly sessions: SessionChanges;
  readonly over: (isStored: boolean) => void;
}

/** After the store could not be written, when it is tried again, in milliseconds. */
const STORE_RETRY_MS = 1000;

/**
 * Order and delivery. Everything that changes goes through `#turn`: what the lanes want to record
 * and the events that came are stored in one transaction, and only then frames leave the host. So
 * whatever a plugin has been told of can be told again after any death.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #source: EventSource;
  readonly #lineUp: LineUp;
  readonly #sessions: SessionDesk;
  readonly #writer = new EntryWriter();
  #newest: number;
  #settledByAll: number;
  #arriving: Arriving | undefined;
  #retry: Timer | undefined;
  #isStopped = false;
  #isTurnDue = false;
  #onKeptUp: (() => void) | undefined;
  /** When the files of a plugin had changed last, as far as has been looked. */
  readonly #seenChangeMs = new WeakMap<Lane, number>();

  constructor(options: PipelineOptions) {
    this.#options = options;
    // Should the store have lost events, new ones must not get numbers that plugins have passed.
    this.#newest = Math.max(options.store.lastSequence, options.store.furthestCursor);
    this.#source = new EventSource(options.store, options.limits);
    this.#sessions = new SessionDesk(options);
    this.#lineUp = new LineUp({
      ...options,
      source: this.#source,
      framePool: new FramePool(),
      newest: () => this.#newest,
      stopLimitMs: options.limits.stopLimitMs,
      onTurn: () => this.#turnSoon(),
    });
    this.#settledByAll = this.#leastPosition();
  }

  /** Starts all plugins at once. */
  start(): void {
    this.#lineUp.start();
    this.#turn();
  }

  /** Settles when each plugin is ready or has failed to start. */
  async started(): Promise<void> {
    await Promise.all(this.#lineUp.lanes.map(({ process }) => process.firstStart));
  }

  /**
   * Takes up another list of plugins while events come.
   *
   * - What any plugin has been handed already is settled in the order that it had then; every event
   *   behind that has the new order.
   * - A plugin whose entry is the same runs on. One whose entry is another one finishes the event in
   *   hand, is started anew, and goes on behind it; those after it wait for that.
   * - A plugin that is not in the list any more finishes the event in hand. How far it is stays
   *   known: in the list again, it goes on from there. One that was never there begins with the next
   *   event.
   *
   * @param plugins The enabled plugins in call order.
   * @returns False when nothing was done, because too many changes before this one are not through.
   */
  reload(plugins: readonly PluginEntry[]): boolean {
    if (!this.#lineUp.reload(plugins)) return false;
    this.#turn();
    return true;
  }

  /**
   * Takes in a drained batch.
   *
   * @param bytes Entries as drained. They are changed in place and have to stay until they are
   * stored; afterwards nobody looks at them any more. There may be none when `isDue`.
   * @param isLast Whether nothing more waits to be drained.
   * @returns When they are stored, or false when the pipeline was stopped before. Until then no other
   * batch may come.
   */
  takeIn(bytes: Uint8Array, isLast = true): Promise<boolean> {
    const { store } = this.#options;
    invariant(this.#arriving === undefined, "a batch came before the last one was stored");
    const sessions = this.#sessions;
    const taken = takeIn(bytes, this.#newest + 1, (boot) => store.bootPosition(boot), {
      ...{ sessions, isLast, writer: this.#writer },
    });
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#arriving = { taken, sessions: sessions.takeChanges(), over: resolve };
    this.#turn();
    return promise;
  }

  /**
   * Lets the plugins that keep up have what is in memory before more comes, so that nothing has to be
   * read back. One that is slow leaves memory behind, and is not waited for any more.
   *
   * @param limitMs How long that may take at most, in milliseconds.
   */
  async keepUp(limitMs: number): Promise<void> {
    if (this.#isStopped || !this.#isAhead) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onKeptUp = resolve;
    const timer = this.#options.clock.startTimer(limitMs, resolve);
    await promise;
    timer.cancel();
    this.#onKeptUp = undefined;
  }

  /** Whether a plugin that keeps up would have to be read to if more came. */
  get #isAhead(): boolean {
    return this.#lineUp.lanes.some((lane) =>
      !lane.isDetached && !lane.isStuck && this.#source.leavesSoon(lane.position + 1)
    );
  }

  /** Whether something has to be taken in although nothing was drained: a session that is over. */
  get isDue(): boolean {
    return this.#sessions.isDue;
  }

  /** Tells the log of sessions that have been open for very long. */
  reportOverlong(): void {
    this.#sessions.reportOverlong();
  }

  /**
   * Lets the plugins finish what is in hand, at most for `limitMs`, and saves how far they are.
   * What is not settled then comes again after the next start.
   */
  async stop(limitMs: number): Promise<void> {
    await this.#lineUp.stop(limitMs);
    this.#endRetry();
    this.#turn();
    this.#isStopped = true;
    this.#endRetry();
    this.#arriving?.over(false);
    this.#onKeptUp?.();
  }

  /** Lets plugins go on behind events that retention has just dropped. */
  skipDropped(): void {
    this.#source.forgetBefore(this.#options.store.firstSequence);
    for (const lane of this.#lineUp.lanes) lane.skipDropped(this.#newest);
    this.#turn();
  }

  /**
   * Carries out what commands ask for, and lets plugins go on whose files have changed.
   *
   * @param newestChangeMs When one of several files changed last.
   * @param isWatching Whether plugins that run are started again when their files have changed.
   * @param requests What commands ask.
   */
  async look(
    newestChangeMs: (files: readonly string[]) => Promise<number>,
    isWatching = false,
    requests = this.#options.store.requests(),
  ): Promise<void> {
    if (this.#isStopped) return;
    this.#takeRequests(requests);
    for (const lane of this.#lineUp.lanes) {
      if (lane.isStuck || isWatching) await this.#lookAtFiles(lane, newestChangeMs);
    }
  }

  async #lookAtFiles(
    lane: Lane,
    newestChangeMs: (files: readonly string[]) => Promise<number>,
  ): Promise<void> {
    const { modules, loadedMs, startedMs } = lane.process;
    const lastMs = this.#seenChangeMs.get(lane);
    const changedMs = await newestChangeMs(modules);
    this.#seenChangeMs.set(lane, changedMs);
    const why = "its files have changed";
    if (loadedMs === undefined) {
      if (lane.isStuck && changedMs > (lastMs ?? startedMs)) lane.release(why);
    } else if (changedMs > loadedMs && changedMs === lastMs) {
      // Nothing was written since the last look, so that nothing half written is loaded.
      this.#lineUp.restart(lane, why);
    }
  }

  #takeRequests(all: StoreRequests): void {
    const { store } = this.#options;
    // What is asked of a plugin that does not run waits until it does.
    for (const lane of this.#lineUp.lanes) {
      const requests = all.get(lane.entry.id) ?? [];
      const gone = this.#redrive(lane, requests.filter(({ kind }) => kind === "redrive"));
      const releases = requests.filter(({ kind }) => kind === "release").map(({ id }) => id);
      if (gone.length + releases.length === 0) continue;
      store.transaction(() => [...gone, ...releases].forEach((id) => store.removeRequest(id)));
      if (releases.length > 0) lane.release("asked for by a command");
    }
    this.#turn();
  }

  /** @returns The requests whose dead letters are not there any more. */
  #redrive(lane: Lane, requests: readonly StoreRequest[]): number[] {
    const { store, log } = this.#options;
    const { entry: { id: plugin }, redrives: queue } = lane;
    const gone: number[] = [];
    const redrives: Redrive[] = [];
    for (const { id: request, sequence } of requests) {
      if (sequence === null || request === queue.inHand?.request) continue;
      const letter = store.failure(plugin, sequence);
      if (letter === undefined) gone.push(request);
      else redrives.push({ request, sequence, attempt: letter.attempt + 1 });
    }
    queue.set(redrives);
    if (gone.length > 0) {
      const words = "dead letters cannot be handed over once more: retention has dropped them";
      log.warn(`${gone.length} ${words}`, { plugin });
    }
    return gone;
  }

  /** Every event up to this one is settled by all plugins, and the store says so. */
  get settledByAll(): number {
    return this.#settledByAll;
  }

  #leastPosition(): number {
    return this.#lineUp.lanes.reduce(
      (least, { position }) => Math.min(least, position),
      this.#newest,
    );
  }

  /** Sequence of the newest event. */
  get newest(): number {
    return this.#newest;
  }

  /** What each plugin has done, in call order. */
  report(): LaneReport[] {
    return this.#lineUp.lanes.map((lane) => lane.report(this.#newest));
  }

  /** What several plugins have answered by now goes into one transaction. */
  #turnSoon(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    this.#options.clock.soon(() => {
      if (this.#isTurnDue) this.#turn();
    });
  }

  #turn(): void {
    this.#isTurnDue = false;
    if (this.#isStopped || this.#retry !== undefined) return;
    const arriving = this.#accept();
    let changes: readonly [Lane, LaneChange][];
    try {
      changes = this.#lineUp.plan(this.#newest);
      if (arriving === undefined && changes.length === 0 && !this.#lineUp.isUnsaved) return;
      this.#store(arriving, changes);
    } catch (error) {
      return this.#tryAgain(error);
    }
    this.#arriving = undefined;
    for (const [lane] of changes) lane.flush();
    this.#lineUp.stored();
    this.#settledByAll = this.#leastPosition();
    arriving?.over(true);
    if (this.#onKeptUp !== undefined && !this.#isAhead) this.#onKeptUp();
  }

  /** Makes what has come visible to the lanes; nothing leaves the host before it is stored. */
  #accept(): Arriving | undefined {
    const arriving = this.#arriving;
    const segment = arriving?.taken.segment;
    if (segment !== undefined && segment.last > this.#newest) {
      this.#source.add(segment);
      this.#newest = segment.last;
    }
    return arriving;
  }

  #store(arriving: Arriving | undefined, changes: readonly [Lane, LaneChange][]): void {
    const { store } = this.#options;
    const taken = arriving?.taken;
    store.transaction(() => {
      if (arriving !== undefined) this.#sessions.store(arriving.sessions);
      if (taken?.segment !== undefined) store.addSegment(taken.segment);
      if (this.#lineUp.isUnsaved) this.#lineUp.save();
      for (const [boot, position] of taken?.positions ?? []) store.setBootPosition(boot, position);
      for (const [{ entry: { id } }, change] of changes) {
        store.setCursor(id, change.cursor);
        for (const run of change.outcomes.done) store.addDone(run);
        for (const failure of change.outcomes.failures) store.addFailure(failure);
        const { redriving } = change;
        if (redriving !== undefined) store.setAttempt(id, redriving.sequence, redriving.attempt);
        for (const run of change.outcomes.dropped) store.addDropped(run);
        for (const kept of change.kept) store.addKept(kept);
        for (const { request, sequence, isSettled } of change.redriven) {
          if (isSettled) store.setRedriven(id, sequence);
          store.removeRequest(request);
        }
      }
    });
  }

  /** Nothing is lost while the store cannot be written: the journal keeps what is not stored. */
  #tryAgain(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    const { clock, log, onDamage } = this.#options;
    if (onDamage !== undefined && isDamaged(error)) {
      this.#isStopped = true;
      return onDamage(error);
    }
    log.error(`${error.message}; nothing is delivered until that works, it is tried again`, {
      retryInMs: STORE_RETRY_MS,
    });
    this.#retry = clock.startTimer(STORE_RETRY_MS, () => {
      this.#retry = undefined;
      this.#turn();
    });
  }

  #endRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }
}
