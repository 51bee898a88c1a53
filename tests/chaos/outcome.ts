/** How many rules or runs held, and how many did not. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}
