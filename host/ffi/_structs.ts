/**
 * The structures that the library fills in, as sizes and offsets in bytes. A test compares them
 * with the numbers that the C compiler gives.
 */
export const structs = {
  drained: {
    size: 32,
    entries: 0,
    bytes: 4,
    position: 8,
    lostTotal: 16,
    more: 24,
  },
  errorInfo: {
    size: 16,
    code: 0,
    systemCode: 4,
    processId: 8,
  },
  statistics: {
    size: 1144,
    journalId: 0,
    capacityBytes: 16,
    headPosition: 24,
    tailPosition: 32,
    lostTotal: 40,
    lostAcknowledged: 48,
    tornTotal: 56,
    damagedTotal: 64,
    calloutsTotal: 72,
    calloutNsTotal: 80,
    calloutNsMax: 88,
    serviceStarts: 96,
    lastServiceStartUs: 104,
    readerPid: 112,
    lastWriterPid: 116,
    bucketCount: 120,
    bucketUpperNs: 632,
  },
  processStatistics: {
    size: 16,
    residentBytes: 0,
    cpuUs: 8,
  },
} as const;
