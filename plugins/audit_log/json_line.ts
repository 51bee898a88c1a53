/** Controls, invisible formatting characters, line and paragraph separators, lone surrogates. */
const UNSAFE_REGEXP = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * One line of JSON with its newline at the end, the same value to every reader. Whatever could end
 * a line, steer a terminal or reorder text on a screen is written as a `\u` escape, because a
 * device name is text from elsewhere: `JSON.stringify` alone leaves U+0085, U+2028, DEL and the
 * direction marks as they are.
 *
 * @param value Anything that JSON can say.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { jsonLine } from "./json_line.ts";
 *
 * assertEquals(jsonLine({ name: "a\nb\u2028c" }), '{"name":"a\\nb\\u2028c"}\n');
 * ```
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(UNSAFE_REGEXP, (found) => {
    let escaped = "";
    // A character beyond U+FFFF is two units here, and JSON wants two escapes for it.
    for (let at = 0; at < found.length; at++) {
      escaped += `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
  return json + "\n";
}
