const BYTE_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes in the largest unit in which it is whole, such as `64 MiB`. */
export function bytesText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size !== 0 && size % 1024 === 0 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size} ${BYTE_UNITS[unit]}`;
}

/** A time in the largest unit in which it is whole, such as `5 s`. */
export function durationText(milliseconds: number): string {
  const units: [number, string][] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [
    1000,
    "s",
  ]];
  for (const [size, unit] of units) {
    if (milliseconds !== 0 && milliseconds % size === 0) return `${milliseconds / size} ${unit}`;
  }
  return `${milliseconds} ms`;
}

/** A number of something, such as `1 plugin` and `2 plugins`. */
export function countText(count: number, one: string): string {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

/** The number that a text spells in digits, else the text itself, for a schema to refuse. */
export function numberOrText(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,16}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
}
