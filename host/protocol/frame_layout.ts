/**
 * Where things stand in the frames between the host and a plugin's process, in bytes.
 *
 * To the process: `u32 length` of what follows, `u8 kind`, payload. A batch of events has the
 * payload `u32 attempt`, `u32 count` and then the entries as the journal and the store hold them, so
 * an event is encoded once, in the service, and decoded once, in the plugin's process.
 *
 * From the process: an 8-byte marker drawn for it, `u32 length` of kind and payload, `u8 kind`,
 * payload. The marker begins with a byte that UTF-8 never holds, so whatever else the plugin writes
 * to stdout is told apart from a frame and becomes lines of log.
 */
export const frameLayout = {
  /** Length and kind of a frame to the process. */
  headBytes: 5,
  /** Attempt and count in front of a batch's entries. */
  batchHeadBytes: 8,
  /** Marker, length and kind of a frame from the process. */
  answerHeadBytes: 13,
} as const;
