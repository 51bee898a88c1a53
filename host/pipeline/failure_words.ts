import { type DeniedPermission, deniedPermission } from "../protocol/denied_permission.ts";
import { PERMISSION_KINDS, type PluginEntry } from "../registry/registry_schema.ts";
import type { Failure } from "../store/store.ts";
import type { AfterFailure } from "./after_failure.ts";

/** What the log says of a failure: what happened, what happens next, and what to do. */
export function failureWords(
  entry: PluginEntry,
  kind: Failure["kind"],
  message: string,
  next: AfterFailure,
  parkedRetryMs: number,
): string {
  const denied = kind === "failed" ? deniedPermission(message) : undefined;
  const what = {
    failed: denied === undefined
      ? "The plugin's handler failed"
      : "The plugin's handler was denied a permission",
    timedOut: `The plugin's handler took longer than timeoutMs (${entry.timeoutMs})`,
    crashed: "The plugin's process ended in its handler",
  }[kind];
  const after = {
    skip: "the event is skipped and kept as a dead letter (deno task dead list)",
    retry: "the event is tried again",
    hold:
      `the event is held with all behind it, the other plugins go on; mend the plugin, or let ` +
      `it go on with deno task plugin release ${entry.id}; it is also tried again in ${
        parkedRetryMs / 1000
      } s`,
  }[next.do];
  return `${what}: ${message}; ${after} (onFailure ${entry.onFailure})${grantWords(denied)}`;
}

/** What to do about a permission, if the plugin is to have it. */
function grantWords(denied: DeniedPermission | undefined): string {
  if (denied === undefined) return "";
  return (PERMISSION_KINDS as readonly string[]).includes(denied.kind)
    ? `; permissions.${denied.kind} of its registry entry grants it, if it is to have that`
    : "; no registry entry can grant that";
}

/** What the log says when events are gone that a plugin has not settled. */
export function droppedWords(first: number, last: number): string {
  return `${last - first + 1} events (${first} to ${last}) were dropped by retention before this ` +
    `plugin was done with them; they are lost to it: raise waitingBytesMax, or storeBytesMax and ` +
    `retentionDays if it was not in the registry, before that happens again`;
}
