import type { HandleKey, LinkRecord, SessionRecord, Who } from "./session_record.ts";

/** @param who Whose it is; `undefined` when only a link of it was seen to come up. */
export function newSession(
  boot: string,
  handle: HandleKey,
  position: HandleKey,
  beganUs: number,
  who: Who | undefined,
  guid: string | undefined,
): SessionRecord {
  return {
    boot,
    handle,
    position,
    beganUs,
    isObserved: who !== undefined,
    guid,
    who: who ?? {},
    links: [],
    linksOmitted: 0,
    isGapped: false,
    isUncertain: false,
  };
}

/** Adds what nobody had said yet, such as an address that was not known at first. */
export function complete(session: SessionRecord, who: Who): void {
  const { user, domain, computer, clientAddress } = session.who;
  session.who = {
    user: user ?? who.user,
    domain: domain ?? who.domain,
    computer: computer ?? who.computer,
    clientAddress: clientAddress ?? who.clientAddress,
  };
}

/** The handle has belonged to this session all the time, and so have all of its links. */
export function verify(session: SessionRecord): void {
  session.isGapped = false;
  for (const link of session.links) delete link.isUnverified;
}

function isUp(link: LinkRecord): boolean {
  return link.downUs === undefined && !link.isLost;
}

/** Links that are up, as far as it is known. */
export function linksUp({ links }: SessionRecord): number {
  let count = 0;
  for (const link of links) if (isUp(link)) count++;
  return count;
}

/** When the last link went, or the begin when none has. */
export function lastDownUs({ links, beganUs }: SessionRecord): number {
  return links.reduce((last, { downUs }) => Math.max(last, downUs ?? 0), beganUs);
}
