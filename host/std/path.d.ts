// Types of what `path.ts` re-exports, as in `jsr:@std/path@^1`.

/** The last part of a path, without `suffix` when it ends with it. */
export function basename(path: string | URL, suffix?: string): string;
/** The path without its last part. */
export function dirname(path: string | URL): string;
/** The ending of the last part with its dot, or an empty text. */
export function extname(path: string | URL): string;
/** The path of a `file:` address. Throws a TypeError for another one. */
export function fromFileUrl(url: string | URL): string;
/** Whether a path starts at a root. */
export function isAbsolute(path: string): boolean;
/** Joins parts of a path and normalizes it. */
export function join(path?: string | URL, ...paths: string[]): string;
/** Takes `.`, `..` and repeated separators out. */
export function normalize(path: string | URL): string;
/** The way from one path to the other. */
export function relative(from: string, to: string): string;
/** Makes a path absolute, parts from the right to the left. */
export function resolve(...pathSegments: string[]): string;
/** What stands between the parts of a path. */
export const SEPARATOR: "/" | "\\";
/** The `file:` address of an absolute path. Throws a TypeError for another one. */
export function toFileUrl(path: string): URL;
