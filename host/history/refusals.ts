import { deniedPermissions } from "../protocol/denied_permission.ts";

/** Something that a plugin was not allowed to do. */
export interface Refusal {
  /** The kind of permission, such as `net`. */
  readonly kind: string;
  /** What it wanted to reach; empty when Deno does not say. */
  readonly target: string;
  /** How often it was told or asked for. */
  readonly times: number;
  /** The first event that told of it; `undefined` when none did. */
  readonly firstSequence: number | undefined;
}

/** More different ones are only counted. */
const REFUSALS_MAX = 200;

/** Collects what permissions refused: from errors, from lines of log, and from Deno's own list. */
export class Refusals {
  readonly #found = new Map<string, Refusal>();
  readonly #asked = new Map<string, number>();
  #left = 0;

  /** Every different one, in the order in which they were told. */
  get all(): readonly Refusal[] {
    return [...this.#found.values()];
  }

  /** How many are not in `all`, because there were too many different ones. */
  get left(): number {
    return this.#left;
  }

  /**
   * @param text An error's message or a line of log.
   * @param sequence The event in hand, if any.
   */
  add(text: string, sequence: number | undefined): void {
    for (const { kind, target } of deniedPermissions(text)) {
      const key = `${kind} ${target}`;
      const known = this.#found.get(key);
      if (known !== undefined) this.#found.set(key, { ...known, times: known.times + 1 });
      else if (this.#found.size >= REFUSALS_MAX) this.#left++;
      else this.#found.set(key, { kind, target, times: 1, firstSequence: sequence });
    }
  }

  /** Adds one line of Deno's list of what was asked for; call it when nothing else follows. */
  addAsked(kind: string, target: string): void {
    const key = `${kind} ${target}`;
    const known = this.#found.get(key);
    if (known === undefined && this.#found.size >= REFUSALS_MAX) this.#left++;
    else {
      // What an error or a line of log told is in the list too, and counts once.
      const asked = (this.#asked.get(key) ?? 0) + 1;
      this.#asked.set(key, asked);
      const { firstSequence, times } = known ?? { firstSequence: undefined, times: 0 };
      this.#found.set(key, { kind, target, times: Math.max(times, asked), firstSequence });
    }
  }
}
