import * as colors from "@std/fmt/colors";

/** A text in bold when the output takes colours. */
export const bold = (text: string, on: boolean): string => on ? colors.bold(text) : text;
/** A text in red when the output takes colours. */
export const red = (text: string, on: boolean): string => on ? colors.red(text) : text;
/** A text in yellow when the output takes colours. */
export const yellow = (text: string, on: boolean): string => on ? colors.yellow(text) : text;
/** A text in green when the output takes colours. */
export const green = (text: string, on: boolean): string => on ? colors.green(text) : text;
/** A text that steps back when the output takes colours. */
export const dim = (text: string, on: boolean): string => on ? colors.dim(text) : text;
