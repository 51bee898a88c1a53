import type { PluginEntry } from "../registry/registry_schema.ts";

/** Limits that the host's configuration gives all plugins, and a registry entry one of them. */
const KEYS = ["startTimeoutMs", "logLinesPerSecondMax", "deathsPerWindowMax", "windowMs"] as const;

type Key = (typeof KEYS)[number];

/**
 * The limits of one plugin.
 *
 * @param limits What the configuration says for all.
 * @returns The same, with what the plugin's own registry entry says in its place.
 */
export function limitsOf<Limits extends { readonly [K in Key]?: number }>(
  entry: Pick<PluginEntry, Key>,
  limits: Limits,
): Limits {
  const own = KEYS.filter((key) => entry[key] !== undefined && limits[key] !== undefined);
  return { ...limits, ...Object.fromEntries(own.map((key) => [key, entry[key]])) };
}
