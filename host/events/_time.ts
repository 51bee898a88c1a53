import { uint32 } from "./little_endian.ts";
import { EntryError } from "./entry_error.ts";

const MICROSECONDS_PER_SECOND = 1_000_000;
const SECONDS_PER_DAY = 86_400;
const DAYS_PER_ERA = 146_097;
/** Days from the first of March of the year 0 to the first of January 1970. */
const DAYS_FROM_MARCH_0_TO_1970 = 719_468;
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
    cachedPrefix = upToSecond(second);
    cachedSecond = second;
  }
  const millis = Math.floor(micros / 1000);
  return `${cachedPrefix}${threeDigits[millis]}${threeDigits[micros - millis * 1000]}Z`;
}

/**
 * `YYYY-MM-DDTHH:MM:SS.` of a second from 1970. `Date` says the same, but the engine then loads its
 * tables of calendars and time zones: 1.5 MB in every plugin's process.
 */
function upToSecond(second: number): string {
  const days = Math.floor(second / SECONDS_PER_DAY);
  const inDay = second - days * SECONDS_PER_DAY;
  // Years are counted from March here, so that a leap day is the last day of its year, and in eras
  // of 400 years, after which the calendar repeats itself.
  const sinceMarch0 = days + DAYS_FROM_MARCH_0_TO_1970;
  const era = Math.floor(sinceMarch0 / DAYS_PER_ERA);
  const dayOfEra = sinceMarch0 - era * DAYS_PER_ERA;
  // A leap day ends four years of 365 days each, is left out after 100 years, not after 400.
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) +
    Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // From March on, five months have 153 days: 31, 30, 31, 30, 31.
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  const hours = Math.floor(inDay / 3600);
  const minutes = Math.floor(inDay / 60) % 60;
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}T${
    twoDigits(hours)
  }:${twoDigits(minutes)}:${twoDigits(inDay % 60)}.`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** The inverse of {@linkcode readTime}. */
export function writeTime(view: DataView, offset: number, time: string): void {
  // `Date` knows milliseconds only, and would round what stands behind them.
  const millis = Date.parse(`${time.slice(0, 23)}Z`);
  const total = BigInt(millis) * 1000n + BigInt(time.slice(23, 26));
  view.setBigInt64(offset, total, true);
}
