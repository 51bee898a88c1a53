import type { Random } from "../internal/random.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";

/** What happens to an event that a plugin has failed on. */
export type AfterFailure =
  /** It becomes a dead letter; the plugin goes on with the next one. */
  | { readonly do: "skip" }
  /** The plugin gets it again after `waitMs`; nothing else meanwhile. */
  | { readonly do: "retry"; readonly waitMs: number }
  /** It stays where it is, and all behind it, until the plugin is released. */
  | { readonly do: "hold" };

/**
 * Decides by the plugin's registry entry.
 *
 * @param timesFailed How often the plugin has failed on this event in a row, this time included.
 * @param random Half of a wait is drawn, so that plugins that fail together do not come together.
 */
export function afterFailure(
  entry: Pick<PluginEntry, "onFailure" | "retryCount" | "retryFirstWaitMs" | "retryLongestWaitMs">,
  timesFailed: number,
  random: Random,
): AfterFailure {
  if (entry.onFailure === "hold") return { do: "hold" };
  if (entry.onFailure === "skip" || timesFailed > entry.retryCount) return { do: "skip" };
  const wait = Math.min(entry.retryFirstWaitMs * 2 ** (timesFailed - 1), entry.retryLongestWaitMs);
  return { do: "retry", waitMs: wait / 2 + random.next() * wait / 2 };
}
