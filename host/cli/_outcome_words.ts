import { isLate } from "../history/is_late.ts";
import type { Outcome } from "../history/outcome.ts";
import { deniedPermission } from "../protocol/denied_permission.ts";
import { safeText } from "./_safe_text.ts";

const HOW: Readonly<Record<string, string>> = {
  failed: "failed",
  timedOut: "timed out",
  crashed: "crashed",
};

/** How a plugin failed, in words; a refused permission is told apart by its error. */
export function failureWords(kind: string, text: string): string {
  const isDenied = ["failed", "denied"].includes(kind) && deniedPermission(text) !== undefined;
  return isDenied ? "denied a permission" : HOW[kind] ?? kind;
}

/** The permission that an error says was denied, behind a blank; empty for other errors. */
export function deniedWords(text: string): string {
  const denied = deniedPermission(text);
  if (denied === undefined) return "";
  const { kind, target } = denied;
  return ` (${safeText(target === "" ? kind : `${kind} ${target}`)})`;
}

/**
 * What became of an event in a plugin, in a few words.
 *
 * @param storedMs When the event was stored, milliseconds since 1970 UTC.
 */
export function outcomeWords(outcome: Outcome, storedMs: number): string {
  switch (outcome.kind) {
    case "done":
      return isLate(outcome, storedMs) ? "caught up later" : "done";
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
