/** Something that a plugin was not allowed to do. */
export interface Refusal {
  /** The kind of permission, such as `net`. */
  readonly kind: string;
  /** What it wanted to reach; empty when Deno does not say. */
  readonly target: string;
  /** How often it was told. */
  readonly times: number;
  /** The first event that it was told at; `undefined` when it belongs to none, as at the start. */
  readonly firstSequence: number | undefined;
}

/** More different ones are only counted. */
const REFUSALS_MAX = 200;

/** What Deno says of a permission that is not granted. */
const REFUSED = /Requires (\w+) access(?: to ("(?:[^"\\]|\\.)*"|<\w+>|[^\s,]+))?/g;

/** Collects what permissions refused, from the errors and the lines of log of a plugin. */
export class Refusals {
  readonly #found = new Map<string, Refusal>();
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
    for (const [, kind = "", written = ""] of text.matchAll(REFUSED)) {
      const target = written.replace(/^"(.*)"$/s, "$1");
      const key = `${kind} ${target}`;
      const known = this.#found.get(key);
      if (known !== undefined) this.#found.set(key, { ...known, times: known.times + 1 });
      else if (this.#found.size >= REFUSALS_MAX) this.#left++;
      else this.#found.set(key, { kind, target, times: 1, firstSequence: sequence });
    }
  }
}
