/** Parts that the window slides by. */
const SLOTS = 60;

/** Adds up processor time over a window that slides with time, in memory of a fixed size. */
export class CpuWindow {
  readonly #slotMs: number;
  readonly #slots = new Float64Array(SLOTS);
  #slot: number;

  /**
   * @param windowMs Length of the window in milliseconds, at least 1000.
   * @param nowMs Monotonic time.
   */
  constructor(windowMs: number, nowMs: number) {
    this.#slotMs = windowMs / SLOTS;
    this.#slot = Math.floor(nowMs / this.#slotMs);
  }

  /**
   * Adds what was used since the last time.
   *
   * @param nowMs Monotonic time.
   * @param usedMs Milliseconds on a processor.
   * @returns What was used within the window, up to a sixtieth of it more or less.
   */
  add(nowMs: number, usedMs: number): number {
    const slot = Math.floor(nowMs / this.#slotMs);
    const passed = Math.min(slot - this.#slot, SLOTS);
    for (let i = 1; i <= passed; i++) this.#slots[(this.#slot + i) % SLOTS] = 0;
    this.#slot = slot;
    this.#slots[slot % SLOTS]! += usedMs;
    return this.#slots.reduce((sum, ms) => sum + ms, 0);
  }
}
