import type { Clock, Timer } from "./clock.ts";

/** A clock that a test moves by hand. */
export class FakeClock implements Clock {
  #nowMs = 0;
  #next = 0;
  readonly #timers = new Map<number, { atMs: number; fire: () => void }>();

  /** Added to the wall clock only, as when somebody sets it. */
  wallStepMs = 0;

  now(): number {
    return 1_800_000_000_000 + this.#nowMs + this.wallStepMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  startTimer(delayMs: number, fire: () => void): Timer {
    const id = this.#next++;
    this.#timers.set(id, { atMs: this.#nowMs + Math.max(delayMs, 0), fire });
    return { cancel: () => this.#timers.delete(id) };
  }

  soon(work: () => void): void {
    work();
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#timers.size;
  }

  /** All timers are gone, as when the process that started them dies. */
  dropTimers(): void {
    this.#timers.clear();
  }

  /** Lets time pass; timers fire in their order, and promises settle between them. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    while (true) {
      const due = [...this.#timers].filter(([, { atMs }]) => atMs <= endMs)
        .toSorted(([, a], [, b]) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      const [id, { atMs, fire }] = due;
      this.#timers.delete(id);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      fire();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

/** Lets everything that is ready to run do so. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
