import type { Outcome } from "../history/outcome.ts";

const HOW: Readonly<Record<string, string>> = {
  failed: "failed",
  timedOut: "timed out",
  crashed: "crashed",
};

/** How a plugin failed, in words; a refused permission is told apart by its error. */
export function failureWords(kind: string, text: string): string {
  return text.startsWith("NotCapable:") ? "denied a permission" : HOW[kind] ?? kind;
}

/** What became of an event in a plugin, in one or two words. */
export function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case "done":
      return "done";
    case "dead":
      return failureWords(outcome.how, outcome.message);
    case "redriven":
      return "redriven";
    case "waiting":
      return "waiting";
    case "none":
      return "not known";
  }
}

/** A time of the host, milliseconds since 1970 UTC, as ISO 8601. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
