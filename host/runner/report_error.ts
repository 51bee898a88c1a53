import type { PluginErrorReport } from "../protocol/messages.ts";

const MESSAGE_CHARACTERS_MAX = 1000;
const STACK_CHARACTERS_MAX = 2000;
/** Causes that are looked at, and how much of one is told. */
const CAUSES_MAX = 4;
const CAUSE_CHARACTERS_MAX = 300;

/**
 * Turns whatever a plugin threw into words. Nothing of it is trusted: a getter may throw, a
 * message may be huge, and it need not be an error at all.
 *
 * @param thrown What was caught.
 * @returns Name, message and stack, each cut to a bound.
 */
export function reportError(thrown: unknown): PluginErrorReport {
  try {
    if (typeof thrown !== "object" || thrown === null) {
      return { name: "Thrown", message: cut(String(thrown), MESSAGE_CHARACTERS_MAX) };
    }
    const error = thrown as { name?: unknown; stack?: unknown };
    const stack = typeof error.stack === "string"
      ? { stack: cut(error.stack, STACK_CHARACTERS_MAX) }
      : {};
    return {
      name: cut(String(error.name ?? "Object"), 100),
      message: cut(messageOf(thrown), MESSAGE_CHARACTERS_MAX),
      ...stack,
    };
  } catch {
    return { name: "Thrown", message: "something that cannot be put into words" };
  }
}

/** The message of an error, and a denied permission among what it was caused by. */
function messageOf(thrown: object): string {
  const own = describeIssues(thrown) ?? String((thrown as { message?: unknown }).message ?? "");
  let at: unknown = thrown;
  for (let depth = 0; depth < CAUSES_MAX; depth++) {
    at = (at as { cause?: unknown }).cause;
    if (typeof at !== "object" || at === null) break;
    const { name, message } = at as { name?: unknown; message?: unknown };
    if (name !== "NotCapable") continue;
    const denied = String(message ?? "");
    const words = own.includes(denied) ? "" : `: ${cut(denied, CAUSE_CHARACTERS_MAX)}`;
    return `${cut(own, MESSAGE_CHARACTERS_MAX - 400)}; caused by NotCapable${words}`;
  }
  return own;
}

/** A zod error as `key: what is wanted; key: …`, which is what a person can act on. */
function describeIssues(thrown: object): string | undefined {
  const issues = (thrown as { issues?: unknown }).issues;
  if (!Array.isArray(issues) || issues.length === 0) return undefined;
  return issues.map((issue: { path?: unknown; message?: unknown }) => {
    const path = Array.isArray(issue.path) && issue.path.length > 0
      ? issue.path.map(String).join(".")
      : "config";
    return `${path}: ${String(issue.message)}`;
  }).join("; ");
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)} …`;
}
