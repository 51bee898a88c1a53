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
    /** u32: zero from the library; in the store where the session stands, see `sessionLayout`. */
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
  /**
   * `connectionUp` and `connectionHangup`: what RAS handed to the callout; `reauthentication`: the
   * same, and `RAS_CONNECTION_3` before the texts.
   */
  connection: {
    /** u16: bit n `RAS_CONNECTION_n` was given. */
    present: 48,
    /** u16 each: lengths of the texts in UTF-16 code units, in the order of `text`. */
    interfaceNameUnits: 52,
    user0Units: 54,
    logonDomainUnits: 56,
    remoteComputerUnits: 58,
    serverAddress1Units: 60,
    clientAddress1Units: 62,
    user2Units: 64,
    serverAddress2Units: 66,
    clientAddress2Units: 68,
    user3Units: 70,
    serverAddress3Units: 72,
    clientAddress3Units: 74,
    /** The first 28 bytes of `RAS_CONNECTION_0`, verbatim. */
    handle0: 80,
    interfaceHandle0: 88,
    connectDuration: 96,
    interfaceType0: 100,
    flags: 104,
    /** `RAS_CONNECTION_1`: handles, IPCP's error, the counters. */
    handle1: 112,
    interfaceHandle1: 120,
    ipError1: 128,
    bytesTransmitted: 136,
    bytesReceived: 140,
    framesTransmitted: 144,
    framesReceived: 148,
    crcErrors: 152,
    timeoutErrors: 156,
    alignmentErrors: 160,
    hardwareOverrunErrors: 164,
    framingErrors: 168,
    bufferOverrunErrors: 172,
    compressionRatioIn: 176,
    compressionRatioOut: 180,
    /** `RAS_CONNECTION_2`: handle, type, GUID, IPCP, CCP and LCP. */
    handle2: 184,
    interfaceType2: 192,
    guid2: 196,
    ipError2: 212,
    ipOptions2: 216,
    ipRemoteOptions2: 220,
    ccp2: 224,
    lcp2: 244,
    /** The texts one behind the other, without terminators. */
    text: 288,
  },
  /** `reauthentication`: behind the fields of `connection`. */
  reauthentication: {
    /** u32: `dwSize`; what lies beyond it was not given and is 0. */
    size: 292,
    handle3: 296,
    interfaceType3: 304,
    guid3: 308,
    ipError3: 324,
    ipOptions3: 328,
    ipRemoteOptions3: 332,
    /** `PPP_IPV6_CP_INFO`, verbatim. */
    ipv6Size: 340,
    ipv6Error: 344,
    ipv6InterfaceId: 348,
    ipv6RemoteInterfaceId: 356,
    ipv6Prefix: 372,
    ipv6PrefixLength: 380,
    ccp3: 384,
    lcp3: 404,
    quarantineState: 448,
    /** FILETIME: 100 nanoseconds since 1601 UTC. */
    probationEnd: 452,
    text: 464,
  },
  /**
   * The `dwSize` of a `RAS_CONNECTION_3` from which on each of its fields was given: where the field
   * ends in the structure.
   */
  connection3GivenFrom: {
    handle: 16,
    user: 530,
    interfaceType: 536,
    guid: 552,
    ipError: 596,
    serverAddress: 628,
    clientAddress: 660,
    ipOptions: 668,
    ipv6: 716,
    ccp: 736,
    lcp: 780,
    quarantineState: 784,
    probationEnd: 792,
  },
  /** Length of a `PPP_IPV6_CP_INFO`, which says its own one. */
  ipv6Bytes: 48,
  /** Lengths of the arrays that RAS passes, in UTF-16 code units: the longest possible texts. */
  textUnitsMax: {
    portName: 17,
    mediaName: 17,
    deviceName: 129,
    deviceType: 17,
    interfaceName: 257,
    userName: 257,
    logonDomain: 16,
    remoteComputer: 17,
    address: 16,
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
