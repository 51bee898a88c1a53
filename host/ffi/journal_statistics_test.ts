import { assertEquals } from "@std/assert";
import { structs } from "./_structs.ts";
import { readJournalStatistics } from "./journal_statistics.ts";

const at = structs.statistics;

/** A structure in which bucket i holds `counts[i]` callouts of less than 2^(i+1) ns. */
function statistics(counts: readonly number[], maxNs: number): DataView {
  const view = new DataView(new ArrayBuffer(at.size));
  for (let bucket = 0; bucket < 64; bucket++) {
    view.setBigUint64(at.bucketCount + bucket * 8, BigInt(counts[bucket] ?? 0), true);
    view.setBigUint64(at.bucketUpperNs + bucket * 8, 2n ** BigInt(Math.min(bucket + 1, 63)), true);
  }
  view.setBigUint64(at.calloutNsMax, BigInt(maxNs), true);
  return view;
}

Deno.test("readJournalStatistics() finds percentiles when callouts fell into buckets", () => {
  const { callouts } = readJournalStatistics(statistics([0, 50, 0, 49, 0, 1], 60));
  assertEquals([callouts.p50Ns, callouts.p99Ns, callouts.maxNs], [4, 16, 60]);
  assertEquals(callouts.histogram, [
    { upperNs: 4, count: 50 },
    { upperNs: 16, count: 49 },
    { upperNs: 64, count: 1 },
  ]);
});

Deno.test("readJournalStatistics() bounds percentiles when a bucket is wide", () => {
  const { callouts } = readJournalStatistics(statistics([0, 0, 0, 0, 0, 1], 40));
  assertEquals([callouts.p50Ns, callouts.p99Ns], [40, 40]);
});

Deno.test("readJournalStatistics() gives zeros when there was no callout", () => {
  const { callouts, lastServiceStartMs } = readJournalStatistics(statistics([], 0));
  assertEquals(callouts, { total: 0, totalNs: 0, p50Ns: 0, p99Ns: 0, maxNs: 0, histogram: [] });
  assertEquals(lastServiceStartMs, undefined);
});

Deno.test("readJournalStatistics() reads every field from its own place when all differ", () => {
  const view = statistics([], 0);
  for (let index = 0; index < 16; index++) view.setUint8(index, index);
  const u64 = (offset: number, value: bigint) => view.setBigUint64(offset, value, true);
  u64(at.capacityBytes, 65_536n);
  u64(at.headPosition, 2n ** 60n);
  u64(at.tailPosition, 2n ** 60n + 640n);
  u64(at.lostTotal, 3n);
  u64(at.lostAcknowledged, 2n);
  u64(at.tornTotal, 1n);
  u64(at.damagedTotal, 5n);
  u64(at.calloutsTotal, 6n);
  u64(at.calloutNsTotal, 7n);
  u64(at.serviceStarts, 8n);
  u64(at.lastServiceStartUs, 1_795_341_600_123_456n);
  view.setUint32(at.readerPid, 9, true);
  view.setUint32(at.lastWriterPid, 10, true);
  const { callouts, ...rest } = readJournalStatistics(view);
  assertEquals(rest, {
    journalId: "000102030405060708090a0b0c0d0e0f",
    capacityBytes: 65_536,
    headPosition: 2n ** 60n,
    tailPosition: 2n ** 60n + 640n,
    waitingBytes: 640,
    lostTotal: 3,
    lostAcknowledged: 2,
    tornTotal: 1,
    damagedTotal: 5,
    serviceStarts: 8,
    lastServiceStartMs: 1_795_341_600_123,
    readerProcessId: 9,
    lastWriterProcessId: 10,
  });
  assertEquals([callouts.total, callouts.totalNs], [6, 7]);
});
