import type { Failure } from "../store/store.ts";
import { LogBudget } from "../supervisor/log_budget.ts";
import type { AfterFailure } from "./after_failure.ts";
import { failureWords } from "./failure_words.ts";
import type { LaneOptions } from "./lane_options.ts";

/** A failure of a plugin on an event. */
export interface ToldFailure extends Pick<Failure, "kind" | "message" | "stack"> {
  readonly next: AfterFailure;
  readonly sequence: number;
  readonly attempt: number;
}

/** Writes a plugin's failures to the log; of many in a second the rest is counted. */
export class FailureTeller {
  readonly #options: LaneOptions;
  readonly #lines: LogBudget;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#lines = new LogBudget(options.clock, options.limits.logLinesPerSecondMax);
  }

  tell({ kind, message, stack, next, sequence, attempt }: ToldFailure): void {
    if (!this.#lines.take()) return;
    const { entry, limits, log, source } = this.#options;
    const failuresNotTold = this.#lines.takeDropped();
    log.error(failureWords(entry, kind, message, next, limits.parkedRetryMs), {
      plugin: entry.id,
      event: source.idOf(sequence),
      sequence,
      attempt,
      ...(next.do === "retry" ? { retryInMs: Math.round(next.waitMs) } : {}),
      ...(failuresNotTold > 0 ? { failuresNotTold } : {}),
      ...(stack === undefined ? {} : { stack }),
    });
  }
}
