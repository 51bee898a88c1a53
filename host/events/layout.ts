/**
 * Where everything stands in an event entry: offsets in bytes from the start of the entry, little
 * endian. An entry starts at a multiple of 8 in its buffer, and the next one starts at the first
 * multiple of 8 at or after its end.
 *
 * The same bytes are drained from the journal, kept in the store and sent to plugin processes. A
 * test in `host/ffi` compares these numbers with those that the C compiler gives.
 *
 * Source: the header of the native library, `host/native/include`.
 */
export const layout = {
  /** Every entry starts at a multiple of this many bytes. */
  alignment: 8,
  /** The payload version that this code reads and writes. */
  payloadVersion: 1,
  /** The header that every entry has. */
  entry: {
    /** u64: place in the journal in bytes; for a gap the cumulative number of lost events. */
    position: 0,
    /** u64: number that the host gives, 0 before. */
    sequence: 8,
    /** i64: microseconds since 1970 UTC. */
    time: 16,
    /** u64: identity of the service start; for a gap the first 8 bytes of the journal's. */
    boot: 24,
    /** u32: exact length of the entry with this header, padding not counted. */
    bytes: 32,
    /** u16: see `EventType`. */
    type: 36,
    /** u16: version of the payload. */
    payloadVersion: 38,
    /** u32: checksum of the ring; not looked at by the host. */
    checksum: 40,
    /** u32: zero. */
    reserved: 44,
    /** Where the payload starts: the length of the header. */
    payload: 48,
  },
  /** `linkHangup`: what RAS handed to the callout. */
  linkHangup: {
    /** u16: bit 0 `RAS_PORT_0` was given, bit 1 `RAS_PORT_1` was given. */
    present: 48,
    /** u16 each: lengths of the four texts in UTF-16 code units. */
    portNameUnits: 52,
    mediaNameUnits: 54,
    deviceNameUnits: 56,
    deviceTypeUnits: 58,
    /** The first 28 bytes of `RAS_PORT_0`, verbatim. */
    port0: 64,
    port0Handle: 64,
    port0ConnectionHandle: 72,
    condition: 80,
    totalCalls: 84,
    connectDuration: 88,
    /** The 72 bytes of `RAS_PORT_1`, verbatim. */
    port1: 96,
    port1Handle: 96,
    port1ConnectionHandle: 104,
    hardwareCondition: 112,
    lineSpeed: 116,
    bytesTransmitted: 120,
    bytesReceived: 124,
    framesTransmitted: 128,
    framesReceived: 132,
    crcErrors: 136,
    timeoutErrors: 140,
    alignmentErrors: 144,
    hardwareOverrunErrors: 148,
    framingErrors: 152,
    bufferOverrunErrors: 156,
    compressionRatioIn: 160,
    compressionRatioOut: 164,
    /** The four texts one behind the other, without terminators. */
    text: 168,
  },
  /** Lengths of the arrays in `RAS_PORT_0`, in UTF-16 code units: the longest possible texts. */
  textUnitsMax: {
    portName: 17,
    mediaName: 17,
    deviceName: 129,
    deviceType: 17,
  },
  /** `serviceStart`. */
  serviceStart: {
    /** u32 */
    processId: 48,
    /** u32: major in the upper 16 bits, then 8 bits minor, 8 bits patch. */
    libraryVersion: 52,
    /** Length of the whole entry. */
    bytes: 56,
  },
  /** `serviceStop`: as `serviceStart`, and more. */
  serviceStop: {
    processId: 48,
    libraryVersion: 52,
    /** u64: callouts that the process served since its start. */
    calloutsTotal: 56,
    bytes: 64,
  },
  /** `gap`. */
  gap: {
    /** u64: how many events were lost. */
    lost: 48,
    /** i64: microseconds since 1970 UTC. */
    firstTime: 56,
    /** i64: microseconds since 1970 UTC. */
    lastTime: 64,
    /** u32: bit mask, 1 journalFull, 2 journalUnavailable, 4 writerDied, 8 damaged. */
    reasons: 72,
    /** u32: 1 when `lost` is exact, 0 when it is the least possible number. */
    exact: 76,
    bytes: 80,
  },
} as const;
