// Everything that a terminal could take as an order or that would hide or reorder what is shown.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;
const UNSAFE_IN_LINES = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

const escaped = (text: string): string =>
  [...Array(text.length).keys()]
    .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");

/** A text of a plugin or of the network in one line that does nothing to a terminal. */
export function safeText(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll(UNSAFE, escaped);
}

/** As {@linkcode safeText}, but lines stay lines. */
export function safeLines(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(UNSAFE_IN_LINES, escaped);
}

/** The beginning of a text when it is longer than a column. */
export function shortText(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}
