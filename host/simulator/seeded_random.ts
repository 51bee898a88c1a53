/**
 * Random numbers that a seed determines, the same on every machine: the 32-bit generator sfc32.
 * Not for secrets.
 */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed An integer; its lower 32 bits count. */
  constructor(seed: number) {
    this.#a = 0x9e37_79b9;
    this.#b = 0x243f_6a88;
    this.#c = seed | 0;
    // Seeds that lie close together start out alike, and part within these rounds.
    for (let i = 0; i < 15; i++) this.#next32();
  }

  /** A number from 0 up to 1, 1 excluded. */
  fraction(): number {
    return this.#next32() / 0x1_0000_0000;
  }

  /** An integer from `min` to `max`, both included, at most 2^32 of them. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** Whether something with this probability happens. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the values, which must not be empty. */
  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.integer(0, values.length - 1)] as T;
  }

  /** A log-normal number: half of them are below `median`, `spread` is that of the logarithm. */
  logNormal(median: number, spread: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.fraction()));
    return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * this.fraction()));
  }

  #next32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
