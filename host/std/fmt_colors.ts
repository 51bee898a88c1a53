/**
 * Colours on a terminal, as `@std/fmt/colors` of the Deno standard library. They are off when
 * `NO_COLOR` is set, whatever the caller says.
 *
 * @module
 */
// @ts-types="./fmt_colors.d.ts"
export {
  bold,
  brightBlack,
  cyan,
  dim,
  getColorEnabled,
  gray,
  green,
  magenta,
  red,
  setColorEnabled,
  stripAnsiCode,
  yellow,
} from "deno-std/fmt/colors.js";
