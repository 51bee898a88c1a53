import { decodeSession } from "./_decode_session.ts";
import { readHex, readHex16, readSafe } from "./_number.ts";
import { readTime } from "./_time.ts";
import type { OnhookEvent, Session } from "./event.ts";
import { layout } from "./layout.ts";

const header = layout.entry;

/** Events that are somebody's. */
export type OwnedEvent = Extract<OnhookEvent, { session?: Session }>;

/** Adds whose the event is, as far as the plugin is granted to know. */
export function withSession(
  event: OwnedEvent,
  view: DataView,
  entry: number,
  bytes: number,
): OwnedEvent {
  const session = decodeSession(view, entry, bytes);
  if (session !== undefined) event.session = session;
  return event;
}

/** What all events have. */
export function common(
  view: DataView,
  entry: number,
  attempt: number,
): Pick<OnhookEvent, "id" | "sequence" | "time" | "attempt"> {
  return {
    id: `${readHex16(view, entry + header.boot)}-${readHex(view, entry + header.position)}`,
    sequence: readSafe(view, entry + header.sequence, entry, "sequence"),
    time: readTime(view, entry + header.time, entry),
    attempt,
  };
}
