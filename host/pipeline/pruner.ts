import type { HostLog } from "../internal/host_log.ts";
import type { Store } from "../store/store.ts";
import type { Pipeline } from "./pipeline.ts";

/** Limits of what the store keeps. */
export interface PruneLimits {
  /** Days that events are kept that every plugin has settled. */
  readonly retentionDays: number;
  /** Bytes beyond which the oldest of those are dropped. */
  readonly storeBytesMax: number;
  /** Bytes beyond which the oldest events are dropped although plugins wait for them. */
  readonly waitingBytesMax: number;
}

/** What a pruner stands on. */
export interface PrunerOptions {
  readonly store: Pick<Store, "prune" | "usedBytes">;
  readonly pipeline: Pick<Pipeline, "settledByAll" | "newest" | "skipDropped" | "report">;
  readonly log: HostLog;
  readonly limits: PruneLimits;
}

const DAY_MS = 24 * 3_600_000;
const MIB = 1024 * 1024;
/** Shares of `waitingBytesMax` that are told of, each once. */
const WARNED_AT = [0.5, 0.75, 0.9];
/** Plugins that are named, those that most waits for. */
const NAMED_MAX = 3;

/**
 * Keeps the store bounded and says what it drops: first what every plugin has settled, and what
 * plugins wait for only when nothing else is left. A plugin that is parked for ever must not fill
 * the disk; the oldest of what waits for it goes then, because stopping the intake instead would take
 * every new event from the plugins that work.
 */
export class Pruner {
  readonly #options: PrunerOptions;
  #warned = 0;

  constructor(options: PrunerOptions) {
    this.#options = options;
  }

  /**
   * Drops what is too old or too much.
   *
   * @returns Whether there is more than is dropped at a time.
   * @throws {StoreError} When the store cannot be written.
   */
  prune(): boolean {
    const { store, pipeline, log, limits: { retentionDays, storeBytesMax } } = this.#options;
    const ageMsMax = retentionDays * DAY_MS;
    const settled = store.prune(pipeline.settledByAll, { ageMsMax, bytesMax: storeBytesMax });
    if (settled.events > 0) {
      const { events, deadLetters } = settled;
      const dead = deadLetters === 0 ? "" : ` with ${deadLetters} dead letters`;
      log.info(`${events} settled events${dead} were dropped from the store (retention)`, {
        retentionDays,
        storeBytesMax,
      });
    }
    if (settled.hasMore) return true;
    return this.#pruneWaiting();
  }

  #pruneWaiting(): boolean {
    const { store, pipeline, log, limits } = this.#options;
    const bytesMax = Math.max(limits.waitingBytesMax, limits.storeBytesMax);
    const { events, hasMore } = store.prune(pipeline.newest, { ageMsMax: Infinity, bytesMax });
    if (events === 0) {
      this.#warn(store.usedBytes / bytesMax, bytesMax);
      return false;
    }
    log.error(
      `${events} events were dropped from the store although plugins wait for them: it is over ` +
        `waitingBytesMax (${bytesMax} bytes); ${this.#stuck()}; ${WHAT_TO_DO}`,
    );
    pipeline.skipDropped();
    return hasMore;
  }

  /** Says in time that a plugin that does not go on will lose events. */
  #warn(share: number, bytesMax: number): void {
    const reached = WARNED_AT.filter((level) => share >= level).length;
    const { log, limits } = this.#options;
    // Settled events alone may fill the store up to their own limit; that is nothing to tell of.
    const isWaiting = share * bytesMax > limits.storeBytesMax + MIB;
    if (reached > this.#warned && isWaiting) {
      log.warn(
        `The store is at ${
          Math.floor(share * 100)
        } % of waitingBytesMax (${bytesMax} bytes), beyond ` +
          `which the oldest events are dropped although plugins wait for them; ${this.#stuck()}; ` +
          WHAT_TO_DO,
      );
    }
    this.#warned = isWaiting ? reached : 0;
  }

  /** Names the plugins that most waits for. */
  #stuck(): string {
    const waiting = this.#options.pipeline.report().filter((lane) => lane.waiting > 0)
      .toSorted((a, b) => b.waiting - a.waiting).slice(0, NAMED_MAX)
      .map((lane) => `${lane.plugin} (${lane.state}, ${lane.waiting} events)`);
    return `what waits: ${waiting.join(", ")}`;
  }
}

const WHAT_TO_DO = "mend the plugins that do not go on, and release them with " +
  "deno task plugin release, take them from the registry, or raise --waiting-bytes-max";
