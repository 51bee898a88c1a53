import type { CalloutStatistics } from "../../host/ffi/journal_statistics.ts";
import type { Row } from "./row.ts";

/** How long the service has waited in callouts while everything runs on the same processors. */
export function calloutRow(id: string, when: string, callouts: CalloutStatistics): Row {
  const us = (ns: number) => `${(ns / 1000).toFixed(1)} µs`;
  return {
    id,
    what: `${when}: callout as the library has counted them, wake-ups and preemption included, p99`,
    beside: `median ${us(callouts.p50Ns)}, longest ${us(callouts.maxNs)}`,
    value: callouts.p99Ns / 1000,
    unit: "µs",
  };
}
