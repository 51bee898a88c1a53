/** The only source of randomness in the host, so that a simulation can repeat a run. */
export interface Random {
  /** A number from 0 up to but not including 1. */
  next(): number;
}

/** The machine's source. */
export const systemRandom: Random = { next: () => Math.random() };
