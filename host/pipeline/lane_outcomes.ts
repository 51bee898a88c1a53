import type { DoneRun, DroppedRun, Failure } from "../store/store.ts";

/** What became of one plugin's events and is not stored yet. */
export class LaneOutcomes {
  readonly #plugin: string;
  #failures: Failure[] = [];
  #done: DoneRun[] = [];
  #dropped: DroppedRun[] = [];
  #lateUntil = 0;

  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** Events that the plugin has failed on for good. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }

  /** Events settled in the ordinary way. */
  get done(): readonly DoneRun[] {
    return this.#done;
  }

  /** Events that are gone before the plugin was done with them. */
  get dropped(): readonly DroppedRun[] {
    return this.#dropped;
  }

  /** The plugin has failed on an event for good. */
  addFailure(failure: Omit<Failure, "plugin">): void {
    this.#failures.push({ plugin: this.#plugin, ...failure });
  }

  /** Nobody waits for the plugin: it settles late what is there already, up to an event. */
  fallBehind(upTo: number): void {
    this.#lateUntil = Math.max(this.#lateUntil, upTo);
  }

  /** The plugin has settled events. */
  addDone(first: number, last: number, attempt: number): void {
    const plugin = this.#plugin;
    const late = Math.min(last, this.#lateUntil);
    if (first <= late) this.#done.push({ plugin, first, last: late, attempt, isLate: true });
    const begin = Math.max(first, late + 1);
    if (begin <= last) this.#done.push({ plugin, first: begin, last, attempt });
  }

  /** Events are gone. */
  addDropped(first: number, last: number): void {
    this.#dropped.push({ plugin: this.#plugin, first, last });
  }

  /** Forgets all: it is stored. */
  stored(): void {
    this.#failures = [];
    this.#done = [];
    this.#dropped = [];
  }
}
