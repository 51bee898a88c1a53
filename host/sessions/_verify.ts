import type { ConnectionInput, LinkInput } from "./session_input.ts";
import type { LinkRecord, SessionRecord } from "./session_record.ts";

/** RAS counts whole seconds, and its callouts come a little after what they tell of. */
const TOLERANCE_US = 10_000_000;

/**
 * Whether a hangup is that of this very link, although events were lost in between: the port has
 * served no other call since, and the link is as old as it has to be. Both have to be known.
 */
export function isSameLink(link: LinkRecord, input: LinkInput): boolean {
  const { upUs, totalCalls } = link;
  if (upUs === undefined || totalCalls === undefined || link.isUnverified) return false;
  if (input.totalCalls !== totalCalls || input.seconds === undefined) return false;
  const startedUs = input.timeUs - input.seconds * 1_000_000;
  return Math.abs(startedUs - upUs) <= TOLERANCE_US;
}

/** Whether an event of a connection is of this very session, although events were lost in between. */
export function isSameConnection(session: SessionRecord, { guid }: ConnectionInput): boolean {
  return guid !== undefined && guid === session.guid;
}
