import type { PluginEntry } from "../../../host/registry/registry_schema.ts";

/** So long after an edit of its entry a plugin may still be started anew because of it. */
const EDIT_MS = 10_000;

/** What a simulation has seen of one plugin, through all its processes. */
export class PluginRecord {
  /** Events of which the host was told that they are settled. */
  readonly settled = new Set<number>();
  /** Whether those behind it need not wait for it. */
  isExempt = false;
  /** From which event on those behind it wait for it. */
  gatesFrom = 0;
  /** Whether it was out of the registry for a while. */
  wasAway = false;
  /** Until when nothing may be handed to it after a failure. */
  quietUntilMs = 0;
  /** Whether somebody has asked for it, or mended its files. */
  mayBeReleased = false;
  /** The newest event when it was seen first. */
  beganBehind = 0;
  #isCaughtUp = false;
  #editedUntilMs = 0;
  /** Events on which it failed near an edit. */
  readonly #unsure = new Set<number>();
  readonly #attempts = new Map<number, number>();
  readonly #seen = new Set<number>();
  readonly #failed = new Set<number>();
  readonly #deaths = new Map<number, number>();
  /** Failures and deaths of each event since the host started. */
  readonly #failuresOfLife = new Map<number, number>();

  readonly #failedInLife = new Map<number, number>();

  /** The host has begun to call it: forgets what that host does not know. */
  began(isExempt: boolean): void {
    this.isExempt = isExempt;
    this.quietUntilMs = 0;
    this.#failuresOfLife.clear();
    this.#failedInLife.clear();
  }

  /**
   * After each transaction: whether it has caught up. What was planned before that still goes out
   * behind the same transaction.
   */
  gatesAgain(isCaughtUp: boolean): void {
    if (isCaughtUp && this.#isCaughtUp) this.isExempt = false;
    this.#isCaughtUp = isCaughtUp;
  }

  /** Its entry is another one: it begins anew some time later, and what it failed on with it. */
  edited(nowMs: number): void {
    this.#editedUntilMs = nowMs + EDIT_MS;
    this.quietUntilMs = 0;
  }

  /** The host says that it lets the plugin go on. */
  released(): void {
    if (this.mayBeReleased) this.quietUntilMs = 0;
  }

  /** What was handed over since the store was durable may come again as if it was new. */
  powerLost(settled: number): void {
    this.#attempts.clear();
    for (const sequence of this.settled) if (sequence > settled) this.settled.delete(sequence);
  }

  /** @returns The highest attempt before this one. */
  handed(sequence: number, attempt: number): number {
    const most = this.#attempts.get(sequence) ?? 0;
    this.#attempts.set(sequence, Math.max(most, attempt));
    this.#seen.add(sequence);
    return most;
  }

  wasHanded(sequence: number): boolean {
    return this.#seen.has(sequence);
  }

  /** An event that was handed over was never begun: it may come again with the same attempt. */
  neverBegun(sequence: number, attempt: number): void {
    if (this.#attempts.get(sequence) === attempt) this.#attempts.set(sequence, attempt - 1);
  }

  /**
   * The host is told of a failure.
   *
   * @returns How often it was told that of this event, beyond what the plugin's entry allows.
   */
  failed(entry: PluginEntry, sequence: number, nowMs: number, parkedRetryMs: number): number {
    this.#failed.add(sequence);
    // Whether it was the first time depends on when the edit was taken up.
    if (nowMs < this.#editedUntilMs) this.#unsure.add(sequence);
    if (this.#unsure.has(sequence)) return 0;
    const times = (this.#failuresOfLife.get(sequence) ?? 0) + 1;
    this.#failuresOfLife.set(sequence, times);
    if (entry.onFailure === "hold") this.quietUntilMs = nowMs + parkedRetryMs;
    else if (entry.onFailure === "retry" && times === 1) {
      this.quietUntilMs = nowMs + entry.retryFirstWaitMs / 2;
    }
    const told = (this.#failedInLife.get(sequence) ?? 0) + 1;
    this.#failedInLife.set(sequence, told);
    const allowed = { skip: 1, retry: entry.retryCount + 1, hold: Infinity }[entry.onFailure];
    return Math.max(0, told - allowed);
  }

  /** A process has died with these in hand. */
  died(inHand: readonly number[]): void {
    for (const sequence of inHand) {
      this.#deaths.set(sequence, (this.#deaths.get(sequence) ?? 0) + 1);
      this.#failuresOfLife.set(sequence, (this.#failuresOfLife.get(sequence) ?? 0) + 1);
    }
  }

  /**
   * Whether an event may be blamed: its handler failed or was too slow, or the process died over it
   * and it was not the first time that something was wrong with it.
   */
  isBlamed(sequence: number, kind: string): boolean {
    const deaths = this.#deaths.get(sequence) ?? 0;
    const isSuspect = deaths + (this.#failed.has(sequence) ? 1 : 0) >= 2;
    if (kind === "failed") return this.#failed.has(sequence);
    return deaths > 0 && (kind === "timedOut" || isSuspect);
  }
}
