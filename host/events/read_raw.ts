/**
 * What the host reads of an entry without decoding it.
 *
 * @module
 */
export { readHex, readHex16 } from "./_number.ts";
export { readText } from "./_text.ts";
