import type { Clock, Timer } from "../internal/clock.ts";

const TRIM_EVERY_MS = 1000;

/**
 * Gives memory that this process has freed back to the system, once a second.
 *
 * The C library of Linux keeps what lies between blocks that are still in use; under load that grew
 * to a fifth of the host. One call takes a few tenths of a millisecond. Where there is no such
 * function nothing is done.
 */
export class MemoryTrimmer implements Disposable {
  readonly #clock: Clock;
  readonly #trim: () => void;
  #timer: Timer | undefined;

  /** @param trim Does it once; by default `malloc_trim` of glibc. */
  constructor(clock: Clock, trim: (() => void) | undefined = glibcTrim()) {
    this.#clock = clock;
    this.#trim = trim ?? (() => {});
    if (trim !== undefined) this.#goOn();
  }

  #goOn(): void {
    this.#timer = this.#clock.startTimer(TRIM_EVERY_MS, () => {
      this.#trim();
      this.#goOn();
    });
  }

  /** Stops it. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
  }
}

function glibcTrim(): (() => void) | undefined {
  if (Deno.build.os !== "linux") return undefined;
  try {
    const { symbols } = Deno.dlopen("libc.so.6", {
      malloc_trim: { parameters: ["usize"], result: "i32" },
    });
    return () => void symbols.malloc_trim(0n);
  } catch {
    // Another C library, or no permission: the host works without, and takes a little more.
    return undefined;
  }
}
