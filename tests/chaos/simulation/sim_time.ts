import type { Clock, Timer } from "../../../host/internal/clock.ts";

interface Due {
  readonly atMs: number;
  readonly id: number;
  readonly life: SimClock | undefined;
  readonly fire: () => void;
}

/** Time that passes only when it is told to. All clocks of a simulation share it. */
export class SimTime {
  #nowMs = 0;
  #nextId = 0;
  readonly #due = new Map<number, Due>();
  /** Added to the wall clock only, as when somebody sets it. */
  wallStepMs = 0;
  /** Called with what a timer throws. */
  onThrow: (thrown: unknown) => void = (thrown) => {
    throw thrown;
  };

  /** Milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Calls `fire` after so many milliseconds. */
  after(delayMs: number, fire: () => void, life?: SimClock): Timer {
    const id = this.#nextId++;
    this.#due.set(id, { atMs: this.#nowMs + Math.max(delayMs, 0), id, life, fire });
    return { cancel: () => this.#due.delete(id) };
  }

  /** How many timers of a clock are running. */
  timersOf(life: SimClock): number {
    return [...this.#due.values()].filter((due) => due.life === life).length;
  }

  /** The timers of a clock are gone. */
  drop(life: SimClock): void {
    for (const [id, due] of this.#due) if (due.life === life) this.#due.delete(id);
  }

  /** Lets time pass; timers fire in their order, and promises settle between them. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#due.delete(due.id);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      try {
        due.fire();
      } catch (thrown) {
        this.onThrow(thrown);
      }
      await settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due.values()) {
      if (due.atMs <= endMs && (next === undefined || due.atMs < next.atMs)) next = due;
    }
    return next;
  }
}

/** The clock of one host; it ends with it. */
export class SimClock implements Clock {
  readonly #time: SimTime;
  #isOver = false;

  constructor(time: SimTime) {
    this.#time = time;
  }

  now(): number {
    return Math.floor(1_800_000_000_000 + this.#time.nowMs + this.#time.wallStepMs);
  }

  monotonic(): number {
    return this.#time.nowMs;
  }

  startTimer(delayMs: number, fire: () => void): Timer {
    if (this.#isOver) return { cancel: () => {} };
    return this.#time.after(delayMs, fire, this);
  }

  soon(work: () => void): void {
    queueMicrotask(() => {
      if (!this.#isOver) work();
    });
  }

  /** How many timers are running. */
  get timers(): number {
    return this.#time.timersOf(this);
  }

  /** The process that used it is gone: nothing fires any more. */
  end(): void {
    this.#isOver = true;
    this.#time.drop(this);
  }
}

/** Lets everything that is ready to run do so. */
async function settle(): Promise<void> {
  for (let i = 0; i < 25; i++) await Promise.resolve();
}
