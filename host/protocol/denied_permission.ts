/** A permission that a process was not granted. */
export interface DeniedPermission {
  /** The kind, such as `net`. */
  readonly kind: string;
  /** What it was for, such as `example.com:443`; empty when Deno does not say. */
  readonly target: string;
}

/** What Deno says of a permission that is not granted. */
const REQUIRES = /Requires (\w+) access(?: to ("(?:[^"\\]|\\.)*"|<\w+>|[^\s,]+))?/;

/** The error itself, or what it was caused by, which `reportError` writes behind it. */
const DENIED = /(?:^|; caused by )NotCapable(?:: |$)/;

/** Finds all that Deno says of permissions in a text. */
export function* deniedPermissions(text: string): Generator<DeniedPermission, void> {
  for (const match of text.matchAll(new RegExp(REQUIRES, "g"))) yield ofMatch(match);
}

/**
 * Tells a permission that was denied apart from other errors, by the words of Deno's own error. They
 * come from the plugin: it may say so of something else.
 *
 * @param text Name and message of an error, and what it was caused by.
 * @returns The permission, or `undefined` when the error is another one.
 */
export function deniedPermission(text: string): DeniedPermission | undefined {
  return DENIED.test(text) ? deniedPermissions(text).next().value ?? undefined : undefined;
}

function ofMatch([, kind = "", target = ""]: RegExpMatchArray): DeniedPermission {
  return { kind, target: target.replace(/^"(.*)"$/s, "$1") };
}
