import { write64, writeUnits } from "./_write_number.ts";
import { sessionLayout } from "./session_layout.ts";

const at = sessionLayout.session;

/** The number of each source of a session in an entry. */
export const sessionSourceNumber = { observed: 1, restored: 2, unknown: 3 } as const;

/** A session as it is written into an entry. */
export interface SessionFields {
  /** Place in the journal of the event that it began with. */
  readonly position: number | bigint | string;
  /** Microseconds since 1970 UTC. */
  readonly connectedAtUs: number | bigint;
  readonly linkCount: number;
  readonly source: number;
  readonly isLastLink: boolean;
  readonly isUncertain: boolean;
  readonly user?: string | undefined;
  readonly domain?: string | undefined;
  readonly computer?: string | undefined;
  readonly clientAddress?: string | undefined;
}

/** The bytes that a session takes in an entry. */
export function sessionBytes(session: SessionFields): number {
  const { user = "", domain = "", computer = "", clientAddress = "" } = session;
  return at.text + (user.length + domain.length + computer.length + clientAddress.length) * 2;
}

/** Writes a session; it takes {@linkcode sessionBytes}, all of which are written. */
export function writeSession(view: DataView, offset: number, session: SessionFields): void {
  const { user = "", domain = "", computer = "", clientAddress = "" } = session;
  write64(view, offset + at.position, session.position);
  write64(view, offset + at.connectedAt, session.connectedAtUs);
  view.setUint16(offset + at.linkCount, session.linkCount, true);
  view.setUint8(offset + at.source, session.source);
  const flags = (session.isLastLink ? 1 : 0) | (session.isUncertain ? 2 : 0);
  view.setUint8(offset + at.flags, flags);
  view.setUint16(offset + at.userUnits, user.length, true);
  view.setUint16(offset + at.domainUnits, domain.length, true);
  view.setUint16(offset + at.computerUnits, computer.length, true);
  view.setUint16(offset + at.clientAddressUnits, clientAddress.length, true);
  view.setUint32(offset + at.clientAddressUnits + 2, 0, true);
  let end = writeUnits(view, offset + at.text, user);
  end = writeUnits(view, end, domain);
  end = writeUnits(view, end, computer);
  writeUnits(view, end, clientAddress);
}
