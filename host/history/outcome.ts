import { type DeniedPermission, deniedPermission } from "../protocol/denied_permission.ts";
import type { ReadStore, StoredDoneRun, StoredFailure } from "../store/read_store.ts";
import type { Cursor } from "../store/store.ts";

/** What became of one event in one plugin. */
export type Outcome =
  /** It was settled in the ordinary way, between the two times (milliseconds since 1970 UTC). */
  | {
    readonly kind: "done";
    readonly attempt: number;
    readonly fromMs: number;
    readonly toMs: number;
    /** Whether others had gone on without the plugin, which was held or parked. */
    readonly wasBehind: boolean;
  }
  /** The plugin has failed on it for good; `isAsked` when a redrive waits for the host. */
  | {
    readonly kind: "dead";
    /** `failed`, `denied`, `timedOut` or `crashed`. */
    readonly how: string;
    /** The permission that its error says was denied. */
    readonly denied?: DeniedPermission;
    readonly attempt: number;
    readonly message: string;
    readonly failedMs: number;
    readonly isAsked: boolean;
  }
  /** The plugin had failed on it and settled it after all. */
  | {
    readonly kind: "redriven";
    readonly how: string;
    readonly denied?: DeniedPermission;
    readonly attempt: number;
    readonly message: string;
    readonly failedMs: number;
    readonly redrivenMs: number;
  }
  /** It is not settled; `before` more come first, and it was handed over `attempt` times. */
  | { readonly kind: "waiting"; readonly before: number; readonly attempt: number }
  /** Nothing is known: the plugin was not there then, or its dead letter was dropped. */
  | { readonly kind: "none" };

/** The outcomes of consecutive events in one plugin, read from the store at once. */
export class OutcomeRange {
  readonly #cursor: Cursor | undefined;
  readonly #runs: readonly StoredDoneRun[];
  readonly #failures: ReadonlyMap<number, StoredFailure>;
  readonly #asked: ReadonlySet<number>;
  #at = 0;

  /**
   * @param store Inside a snapshot, so that cursor and outcomes are of one moment.
   * @param first The first event.
   * @param last The last event.
   */
  constructor(store: ReadStore, plugin: string, first: number, last: number) {
    this.#cursor = store.cursor(plugin);
    this.#runs = store.doneRuns(plugin, first, last);
    this.#failures = new Map(store.failures(plugin, first, last).map((row) => [row.sequence, row]));
    this.#asked = new Set(this.#failures.size > 0 ? store.asked(plugin, first, last) : []);
  }

  /** Whether the plugin has ever run on this store. */
  get isKnown(): boolean {
    return this.#cursor !== undefined;
  }

  /** @param sequence One of the events. */
  of(sequence: number): Outcome {
    const failure = this.#failures.get(sequence);
    if (failure !== undefined) return this.#ofFailure(failure);
    const run = this.#runOf(sequence);
    if (run !== undefined) {
      const { attempt, fromMs, toMs, isLate } = run;
      return { kind: "done", attempt, fromMs, toMs, wasBehind: isLate };
    }
    if (this.#cursor === undefined || sequence <= this.#cursor.settled) return { kind: "none" };
    return {
      kind: "waiting",
      before: sequence - this.#cursor.settled - 1,
      attempt: this.#cursor.runs.find(({ to }) => to >= sequence)?.attempt ?? 0,
    };
  }

  #ofFailure(failure: StoredFailure): Outcome {
    const { attempt, message, failedMs, redrivenMs, sequence } = failure;
    const denied = failure.kind === "failed" ? deniedPermission(message) : undefined;
    const how = denied === undefined ? { how: failure.kind } : { how: "denied", denied };
    const common = { ...how, attempt, message, failedMs };
    if (redrivenMs !== null) return { kind: "redriven", ...common, redrivenMs };
    return { kind: "dead", ...common, isAsked: this.#asked.has(sequence) };
  }

  /** Events are mostly asked for in order, so the search goes on where it ended. */
  #runOf(sequence: number): StoredDoneRun | undefined {
    const holds = (run: StoredDoneRun | undefined): run is StoredDoneRun =>
      run !== undefined && run.first <= sequence && sequence <= run.last;
    for (const at of [this.#at, this.#at + 1]) {
      const run = this.#runs[at];
      if (!holds(run)) continue;
      this.#at = at;
      return run;
    }
    this.#at = Math.max(0, this.#runs.findIndex(holds));
    const run = this.#runs[this.#at];
    return holds(run) ? run : undefined;
  }
}

/** The attempt that a further delivery would be, `undefined` when the store does not know. */
export function nextAttempt(outcome: Outcome): number | undefined {
  return outcome.kind === "none" ? undefined : outcome.attempt + 1;
}
