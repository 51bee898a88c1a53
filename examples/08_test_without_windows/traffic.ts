import type { Port } from "onhook";

/**
 * What a port carried, in words. Kept apart from the plugin, because what needs no `ctx` is the
 * easiest to test.
 */
export function traffic(port: Port): string {
  const { bytesTransmitted, bytesReceived, countersMayHaveWrapped } = port;
  if (bytesTransmitted === undefined || bytesReceived === undefined) return "unknown";
  const mebibytes = (bytesTransmitted + bytesReceived) / 2 ** 20;
  const text = `${mebibytes.toFixed(1)} MiB`;
  // The counters have 32 bits: a fast line passes their end within minutes, and nobody can tell.
  return countersMayHaveWrapped === false ? text : `at least ${text}`;
}
