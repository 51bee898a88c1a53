import type { PluginErrorReport } from "../protocol/messages.ts";

const MESSAGE_CHARACTERS_MAX = 1000;
const STACK_CHARACTERS_MAX = 2000;

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
    const error = thrown as { name?: unknown; message?: unknown; stack?: unknown };
    const stack = typeof error.stack === "string"
      ? { stack: cut(error.stack, STACK_CHARACTERS_MAX) }
      : {};
    return {
      name: cut(String(error.name ?? "Object"), 100),
      message: cut(describeIssues(thrown) ?? String(error.message ?? ""), MESSAGE_CHARACTERS_MAX),
      ...stack,
    };
  } catch {
    return { name: "Thrown", message: "something that cannot be put into words" };
  }
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
