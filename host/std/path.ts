/**
 * File paths of the running system, as `@std/path` of the Deno standard library.
 *
 * @module
 */
// @ts-types="./path.d.ts"
export {
  basename,
  dirname,
  extname,
  fromFileUrl,
  isAbsolute,
  join,
  normalize,
  relative,
  resolve,
  SEPARATOR,
  toFileUrl,
} from "deno-std/path/mod.js";
