import type { Row } from "./row.ts";

/** What every measurement is given. */
export interface BenchContext {
  /** About three minutes for everything, instead of the truth. */
  readonly isQuick: boolean;
  /** The native library. */
  readonly libraryPath: string;
  /** Says on stderr what goes on. */
  say(text: string): void;
}

/** Measures some rows. A bound that is missed is a result, not an error. */
export type Measurement = (context: BenchContext) => Promise<Row[]>;
