import { SeededRandom } from "./seeded_random.ts";

/** What becomes of a connection that RAS asks about. */
export type Fate =
  | "person"
  | "router"
  /** It is never heard of again once it is up. */
  | "lost"
  /** Another DLL says no to the connection, and nothing more is heard, or its hangup. */
  | "refusedSilently"
  | "refused"
  /** Another DLL says no to its link. */
  | "linkRefusedSilently"
  | "linkRefused";

const refusals = [
  "refusedSilently",
  "refused",
  "linkRefusedSilently",
  "linkRefused",
] as const satisfies readonly Fate[];

/** Shares of all connections, 0 to 0.9 each. */
export interface FateShares {
  readonly siteToSiteShare?: number;
  readonly refusedShare?: number;
  readonly lostShare?: number;
}

/** Decides by a seed; its numbers are its own, so that shares change nothing else of a day. */
export class Fates {
  readonly #random: SeededRandom;
  readonly #shares: FateShares;

  constructor(shares: FateShares, seed: number) {
    this.#random = new SeededRandom(seed ^ 0x5f3759df);
    this.#shares = shares;
  }

  /** What becomes of the next connection. */
  next(): Fate {
    const { siteToSiteShare = 0, refusedShare = 0, lostShare = 0 } = this.#shares;
    const [isRefused, isLost, isRouter] = [refusedShare, lostShare, siteToSiteShare].map((share) =>
      this.#random.chance(share)
    );
    const refusal = this.#random.pick(refusals);
    if (isRefused) return refusal;
    if (isLost) return "lost";
    return isRouter ? "router" : "person";
  }
}
