// Types of what `fmt_colors.ts` re-exports, as in `jsr:@std/fmt@^1`.

/** Switches colours on or off. */
export function setColorEnabled(value: boolean): void;
/** Whether colours are on. */
export function getColorEnabled(): boolean;
/** Bold text. */
export function bold(str: string): string;
/** Faint text. */
export function dim(str: string): string;
/** Red text. */
export function red(str: string): string;
/** Green text. */
export function green(str: string): string;
/** Yellow text. */
export function yellow(str: string): string;
/** Magenta text. */
export function magenta(str: string): string;
/** Cyan text. */
export function cyan(str: string): string;
/** Gray text. */
export function gray(str: string): string;
/** The same as `gray`. */
export function brightBlack(str: string): string;
/** The text without escape sequences. */
export function stripAnsiCode(string: string): string;
