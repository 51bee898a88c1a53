import { structs } from "./_structs.ts";

const at = structs.statistics;
const BUCKETS = 64;

/** What the journal's header says of itself and of the callouts. */
export interface JournalStatistics {
  /** Identity of the journal, 32 hexadecimal digits. */
  readonly journalId: string;
  /** Room for entries, in bytes. */
  readonly capacityBytes: number;
  /** Everything before it has been released, in bytes since the journal was made. */
  readonly headPosition: bigint;
  /** Where the next entry will be written, in bytes since the journal was made. */
  readonly tailPosition: bigint;
  /** Bytes between the two: what waits for the host. */
  readonly waitingBytes: number;
  /** Events that were lost since the journal was made. */
  readonly lostTotal: number;
  /** How many of them the host knows of. */
  readonly lostAcknowledged: number;
  /** Entries whose writer died before it was done. */
  readonly tornTotal: number;
  /** Entries that were found damaged. */
  readonly damagedTotal: number;
  /** What the callouts cost the remote access service. */
  readonly callouts: CalloutStatistics;
  /** Starts of the service that wrote into this journal. */
  readonly serviceStarts: number;
  /** Milliseconds since 1970 UTC; absent before the first start. */
  readonly lastServiceStartMs?: number;
  /** The process that reads the journal, 0 for none. */
  readonly readerProcessId: number;
  /** The process that opened the journal for writing last, 0 for none. */
  readonly lastWriterProcessId: number;
}

/** What the callouts cost, in nanoseconds. */
export interface CalloutStatistics {
  /** How many were timed. */
  readonly total: number;
  /** Sum of all times. */
  readonly totalNs: number;
  /** Half of the callouts were as fast or faster; the upper bound of a bucket. 0 without any. */
  readonly p50Ns: number;
  /** 99 of 100 were as fast or faster; the upper bound of a bucket. 0 without any. */
  readonly p99Ns: number;
  /** The slowest one. */
  readonly maxNs: number;
  /** How many callouts fell into each range, fastest first; empty ranges are left out. */
  readonly histogram: readonly { readonly upperNs: number; readonly count: number }[];
}

/**
 * Reads the structure that the library filled in.
 *
 * @param view As many bytes as `onhook_statistics` has.
 */
export function readJournalStatistics(view: DataView): JournalStatistics {
  const u64 = (offset: number) => Number(view.getBigUint64(offset, true));
  const headPosition = view.getBigUint64(at.headPosition, true);
  const tailPosition = view.getBigUint64(at.tailPosition, true);
  const lastServiceStartUs = u64(at.lastServiceStartUs);
  return {
    journalId: new Uint8Array(view.buffer, view.byteOffset + at.journalId, 16).toHex(),
    capacityBytes: u64(at.capacityBytes),
    headPosition,
    tailPosition,
    waitingBytes: Number(tailPosition - headPosition),
    lostTotal: u64(at.lostTotal),
    lostAcknowledged: u64(at.lostAcknowledged),
    tornTotal: u64(at.tornTotal),
    damagedTotal: u64(at.damagedTotal),
    callouts: readCallouts(u64),
    serviceStarts: u64(at.serviceStarts),
    ...(lastServiceStartUs > 0 && { lastServiceStartMs: Math.floor(lastServiceStartUs / 1000) }),
    readerProcessId: view.getUint32(at.readerPid, true),
    lastWriterProcessId: view.getUint32(at.lastWriterPid, true),
  };
}

function readCallouts(u64: (offset: number) => number): CalloutStatistics {
  const maxNs = u64(at.calloutNsMax);
  const histogram = Array.from({ length: BUCKETS }, (_, bucket) => ({
    upperNs: u64(at.bucketUpperNs + bucket * 8),
    count: u64(at.bucketCount + bucket * 8),
  })).filter((bucket) => bucket.count > 0);
  return {
    total: u64(at.calloutsTotal),
    totalNs: u64(at.calloutNsTotal),
    p50Ns: percentile(histogram, 0.5, maxNs),
    p99Ns: percentile(histogram, 0.99, maxNs),
    maxNs,
    histogram,
  };
}

/** The last bucket has no useful bound, so no percentile is above the slowest callout. */
function percentile(
  histogram: CalloutStatistics["histogram"],
  fraction: number,
  maxNs: number,
): number {
  const total = histogram.reduce((sum, bucket) => sum + bucket.count, 0);
  let seen = 0;
  for (const bucket of histogram) {
    seen += bucket.count;
    if (seen >= total * fraction) return Math.min(bucket.upperNs, maxNs);
  }
  return 0;
}
