/**
 * Where everything stands that the host itself writes: whose an event is, and the end of a session.
 * Offsets in bytes, little endian, from the start of what the name says; see `layout` for the rest.
 */
export const sessionLayout = {
  /**
   * What the last word of the header says of the session: a place in the entry where a `session`
   * stands, or one of these.
   */
  sessionWord: {
    /** The host does not know whose the event is. */
    unknown: 0,
    /** The plugin's registry entry does not grant it. */
    withheld: 1,
  },
  /** Whose an event is; written by the host behind what the library wrote, 8-aligned. */
  session: {
    /** u64: place in the journal of the event that the session began with. */
    position: 0,
    /** i64: microseconds since 1970 UTC. */
    connectedAt: 8,
    /** u16 */
    linkCount: 16,
    /** u8: 1 observed, 2 restored, 3 unknown. */
    source: 18,
    /** u8: bit 0 last link, bit 1 uncertain. */
    flags: 19,
    /** u16 each: lengths of the texts in UTF-16 code units; 0 when RAS did not say it. */
    userUnits: 20,
    domainUnits: 22,
    computerUnits: 24,
    clientAddressUnits: 26,
    /** The four texts one behind the other, without terminators. */
    text: 32,
  },
  /** `sessionEnd`, made by the host; a `session` stands behind the links. */
  sessionEnd: {
    /** u8: place in `sessionEndReasons`. */
    reason: 48,
    /**
     * u8: bit 0 synthetic, bit 1 complete, bit 2 a link's counter may have wrapped, bit 3 the
     * connection's counters are there, bit 4 they may have wrapped, bit 5 not granted to this plugin.
     */
    flags: 49,
    /** The bit of `flags` that says that all but this is left out for a plugin. */
    withheldFlag: 32,
    /** u16: how many links there are. */
    links: 50,
    /** u32 */
    linksOmitted: 52,
    /** i64: microseconds since 1970 UTC. */
    startedAt: 56,
    /** u64 each: sums over the links. */
    bytesTransmitted: 64,
    bytesReceived: 72,
    framesTransmitted: 80,
    framesReceived: 88,
    /** u32 each: what RAS said of the connection. */
    connectionBytesTransmitted: 96,
    connectionBytesReceived: 100,
    connectionFramesTransmitted: 104,
    connectionFramesReceived: 108,
    /** u32: seconds. */
    duration: 112,
    /** The links, each `sessionLink.bytes` long. */
    link: 120,
  },
  /** One link of a `sessionEnd`. */
  sessionLink: {
    /** u64 */
    portHandle: 0,
    /** i64 each: microseconds since 1970 UTC. */
    upAt: 8,
    downAt: 16,
    /** u32 each. */
    connectDuration: 24,
    bytesTransmitted: 28,
    bytesReceived: 32,
    framesTransmitted: 36,
    framesReceived: 40,
    /**
     * u8: bit 0 port, bit 1 up, bit 2 down, bit 3 duration, bit 4 counters, bit 5 they may have
     * wrapped, bit 6 the port's name.
     */
    flags: 44,
    /** u8: length of the port's name in UTF-16 code units. */
    portNameUnits: 45,
    portName: 48,
    bytes: 88,
  },
} as const;
