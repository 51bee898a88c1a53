/** The name of a kind of event, as it stands in the `type` field of an event. */
export type EventTypeName = keyof typeof EventType;

/**
 * The number of each kind of event in a journal entry, by its name. The numbers are the journal
 * format's and never change their meaning.
 *
 * Source: the header of the native library, `host/native/include`.
 */
export const EventType = {
  /** One link of a connection was taken down. */
  linkHangup: 1,
  /** RAS asked whether a link may come up. */
  linkUp: 2,
  /** RAS asked whether a connection may come up. */
  connectionUp: 3,
  /** The last link of a connection is gone. */
  connectionHangup: 4,
  /** The quarantine state of a live connection changed. */
  reauthentication: 5,
  /** The remote access service loaded the library. */
  serviceStart: 16,
  /** The remote access service let the library go. */
  serviceStop: 17,
  /** Events were lost; made by the reader, never in the journal itself. */
  gap: 32,
  /** A session is over; made by the host, never in the journal itself. */
  sessionEnd: 33,
} as const;
