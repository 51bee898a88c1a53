import { uint32 } from "./little_endian.ts";
import { EntryError } from "./entry_error.ts";

const MICROSECONDS_PER_SECOND = 1_000_000;
/** The years 0 and 10000 in seconds from 1970: what four digits of a year can say. */
const SECONDS_MIN = -62_167_219_200;
const SECONDS_END = 253_402_300_800;
/** Above this, the upper half of a 64-bit number does not fit into a safe integer. */
const SAFE_UPPER_END = 0x20_0000;

const threeDigits = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, "0"));

let cachedSecond = Number.NaN;
let cachedPrefix = "";

/**
 * Reads microseconds since 1970 UTC as ISO 8601 text with microseconds. Events of one second
 * follow each other, so the text up to the second is kept.
 *
 * @throws {EntryError} When the time lies outside of the years 0 to 9999.
 */
export function readTime(view: DataView, offset: number, entry: number): string {
  const upper = view.getInt32(offset + 4, true);
  let second: number;
  let micros: number;
  if (upper >= 0 && upper < SAFE_UPPER_END) {
    const total = upper * 0x1_0000_0000 + uint32(view, offset);
    second = Math.floor(total / MICROSECONDS_PER_SECOND);
    micros = total - second * MICROSECONDS_PER_SECOND;
  } else {
    const total = view.getBigInt64(offset, true);
    const rest = BigInt.asIntN(64, total % 1_000_000n);
    micros = Number(rest < 0n ? rest + 1_000_000n : rest);
    second = Number((total - BigInt(micros)) / 1_000_000n);
  }
  if (second !== cachedSecond) {
    if (second < SECONDS_MIN || second >= SECONDS_END) {
      throw new EntryError(
        `its time is second ${second} from 1970, the years 0 to 9999 are wanted`,
        entry,
      );
    }
    cachedPrefix = new Date(second * 1000).toISOString().slice(0, 20);
    cachedSecond = second;
  }
  const millis = Math.floor(micros / 1000);
  return `${cachedPrefix}${threeDigits[millis]}${threeDigits[micros - millis * 1000]}Z`;
}

/** The inverse of {@linkcode readTime}. */
export function writeTime(view: DataView, offset: number, time: string): void {
  // `Date` knows milliseconds only, and would round what stands behind them.
  const millis = Date.parse(`${time.slice(0, 23)}Z`);
  const total = BigInt(millis) * 1000n + BigInt(time.slice(23, 26));
  view.setBigInt64(offset, total, true);
}
