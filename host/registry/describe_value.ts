const LENGTH_MAX = 80;
// Everything that a terminal could take as an order or that would hide or reorder what is shown.
const UNSAFE_REGEXP = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}

/**
 * Says a value of somebody's input in a short line that is safe on a terminal.
 *
 * @param value A value of a JSON document; undefined stands for a missing one.
 * @returns `nothing`, `a list`, `an object`, or the value as JSON, at most 80 characters of it.
 */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  if (typeof value !== "string") return String(value);
  const short = value.length > LENGTH_MAX ? `${value.slice(0, LENGTH_MAX)}…` : value;
  return JSON.stringify(short).replace(UNSAFE_REGEXP, escaped);
}
