import { complete, lastDownUs, linksUp, newSession, verify } from "./_session_state.ts";
import { isSameConnection, isSameLink } from "./_verify.ts";
import { type EndedSession, type EndReason, endSession } from "./end_session.ts";
import type { ConnectionInput, LinkInput, SessionInput } from "./session_input.ts";
import {
  type HandleKey,
  type LinkRecord,
  sessionId,
  type SessionRecord,
} from "./session_record.ts";

/** What an event is told of its session. */
export interface SessionFacts {
  readonly session: SessionRecord;
  /** The session was open already when this host started. */
  readonly isRestored: boolean;
  /** Links that are up after the event. */
  readonly linkCount: number;
  /** Whether the event took the last link down. */
  readonly isLastLink: boolean;
}

/** Limits of what is kept. */
export interface SessionLimits {
  /** How long a session waits for the rest of its end, in milliseconds. */
  readonly sessionWaitMs: number;
  /** After how many hours an open session is reported, and then again. */
  readonly sessionReportHours: number;
}

/** What has to be stored. */
export interface SessionChanges {
  readonly put: readonly SessionRecord[];
  /** Names of sessions that are over. */
  readonly removed: readonly string[];
}

/** Open sessions; Windows has fewer ports than this. Beyond it the oldest is ended. */
export const SESSIONS_MAX = 32_768;
/** Links of one session that are kept apart. */
export const LINKS_MAX = 64;

/**
 * Which session is open under which handle. It is a pure state machine: events in, facts for them
 * and ended sessions out; its clock is what it is told.
 *
 * A handle names one session after the other, so the book is strict: a link's hangup is told of a
 * session only when this link was seen to come up in it, or nothing can have been missed since.
 */
export class SessionBook {
  readonly #limits: SessionLimits;
  /** Oldest first. */
  readonly #open = new Set<SessionRecord>();
  readonly #byHandle = new Map<string, Map<HandleKey, SessionRecord>>();
  readonly #restored = new Set<SessionRecord>();
  /** Those that wait for the rest of their end, the longest first. */
  readonly #waiting = new Set<SessionRecord>();
  readonly #stored = new Set<SessionRecord>();
  #dirty = new Set<SessionRecord>();
  #removed: string[] = [];
  #ended: EndedSession[] = [];

  /** @param stored The sessions that were open when the host ended, in the order of their begin. */
  constructor(limits: SessionLimits, stored: Iterable<SessionRecord> = []) {
    this.#limits = limits;
    for (const session of stored) {
      this.#add(session);
      this.#restored.add(session);
      this.#stored.add(session);
    }
    const waiting = [...this.#open].filter((each) => each.waitsSinceMs !== undefined);
    waiting.sort((a, b) => a.waitsSinceMs! - b.waitsSinceMs!);
    for (const session of waiting) this.#waiting.add(session);
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Whether a session is open under this handle. */
  has(boot: string, handle: HandleKey): boolean {
    return this.#byHandle.get(boot)?.has(handle) ?? false;
  }

  /**
   * Takes one event.
   *
   * @param nowMs The host's clock.
   * @returns What the event is told of its session; `undefined` when nothing is known.
   */
  take(input: SessionInput, nowMs: number): SessionFacts | undefined {
    switch (input.kind) {
      case "connectionUp":
        return this.#connectionUp(input);
      case "linkUp":
        return this.#linkUp(input);
      case "linkHangup":
        return this.#linkHangup(input, nowMs);
      case "connectionHangup":
        return this.#connectionHangup(input, nowMs);
      case "reauthentication":
        return this.#reauthentication(input);
      case "serviceStart":
        for (const boot of this.#byHandle.keys()) {
          if (boot !== input.boot) this.#endBoot(boot, input.timeUs, "serviceRestarted");
        }
        return undefined;
      case "serviceStop":
        this.#endBoot(input.boot, input.timeUs, "serviceStopped");
        return undefined;
      case "gap":
        for (const session of this.#open) this.#doubt(session);
        return undefined;
    }
  }

  /** Whether `tick` would end a session. */
  isDue(nowMs: number): boolean {
    for (const session of this.#waiting) return this.#isOverdue(session, nowMs);
    return false;
  }

  /** Ends the sessions that have waited long enough. Only when no event is left to be taken. */
  tick(nowMs: number): void {
    for (const session of this.#waiting) {
      if (!this.#isOverdue(session, nowMs)) break;
      // When events were lost, a link may be up that nobody has seen come.
      if (session.isUncertain && session.hangup === undefined) this.#spend(session);
      else this.#conclude(session, session.beganUs, "connectionHangupMissing");
    }
  }

  /** Sessions that have been open for very long; each is told again after as long again. */
  overlong(nowMs: number): SessionRecord[] {
    const limitMs = this.#limits.sessionReportHours * 3_600_000;
    const found: SessionRecord[] = [];
    for (const session of this.#open) {
      const sinceMs = session.reportedMs ?? session.beganUs / 1000;
      if (nowMs - sinceMs < limitMs || session.isSpent) continue;
      session.reportedMs = nowMs;
      this.#dirty.add(session);
      found.push(session);
    }
    return found;
  }

  /** The sessions that have ended since the last call, in order. */
  takeEnded(): readonly EndedSession[] {
    if (this.#ended.length === 0) return NONE;
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** What has changed since the last call. */
  takeChanges(): SessionChanges {
    if (this.#dirty.size === 0 && this.#removed.length === 0) return NO_CHANGES;
    const changes = { put: [...this.#dirty], removed: this.#removed };
    for (const session of changes.put) this.#stored.add(session);
    this.#dirty = new Set();
    this.#removed = [];
    return changes;
  }

  #connectionUp(input: ConnectionInput): SessionFacts | undefined {
    const { boot, handle, guid, who, timeUs, position } = input;
    if (handle === undefined) return undefined;
    const before = this.#at(boot, handle);
    if (before !== undefined) this.#conclude(before, timeUs, "handleReused");
    return this.#facts(this.#begin(newSession(boot, handle, position, timeUs, who, guid)));
  }

  #linkUp(input: LinkInput): SessionFacts | undefined {
    const { boot, handle, port, position, timeUs } = input;
    if (handle === undefined || port === undefined) return undefined;
    const open = this.#at(boot, handle);
    if (open?.isSpent) return undefined;
    // Nothing comes up in a connection that is gone: the handle is another one's by now.
    if (open?.hangup !== undefined) this.#conclude(open, timeUs, "handleReused");
    const session = this.#at(boot, handle) ??
      this.#begin(newSession(boot, handle, position, timeUs, undefined, undefined));
    for (const link of session.links) {
      if (link.port !== port || link.downUs !== undefined || link.isLost) continue;
      link.isLost = true;
      session.isUncertain = true;
    }
    this.#keepLink(session, input);
    this.#setWaiting(session, undefined);
    this.#dirty.add(session);
    return session.isGapped ? undefined : this.#facts(session);
  }

  #keepLink(session: SessionRecord, input: LinkInput): void {
    if (session.links.length >= LINKS_MAX) {
      session.linksOmitted++;
      return;
    }
    const { port, name, totalCalls, timeUs } = input;
    const link: LinkRecord = { port: port!, name, upUs: timeUs, totalCalls };
    if (session.isGapped) link.isUnverified = true;
    session.links.push(link);
  }

  #linkHangup(input: LinkInput, nowMs: number): SessionFacts | undefined {
    const { boot, handle, port, timeUs, seconds, counters, mayHaveWrapped } = input;
    if (handle === undefined || port === undefined) return undefined;
    const session = this.#at(boot, handle);
    const link = session?.links.findLast((each) =>
      each.port === port && each.downUs === undefined && !each.isLost
    );
    if (session === undefined || link === undefined) return undefined;
    const isNamed = !session.isGapped || isSameLink(link, input);
    if (!isNamed) link.isUnverified = true;
    link.downUs = timeUs;
    link.seconds = seconds;
    link.counters = counters;
    link.mayHaveWrapped = mayHaveWrapped;
    this.#dirty.add(session);
    const facts = isNamed ? this.#facts(session, true) : undefined;
    this.#mayEnd(session, timeUs, nowMs);
    return facts;
  }

  #connectionHangup(input: ConnectionInput, nowMs: number): SessionFacts | undefined {
    const { boot, handle, timeUs, counters, seconds, who } = input;
    const session = handle === undefined ? undefined : this.#at(boot, handle);
    if (session === undefined || session.hangup !== undefined) return undefined;
    if (session.isSpent) {
      this.#forget(session);
      return undefined;
    }
    if (session.isGapped) {
      if (!isSameConnection(session, input)) {
        // Its own hangup, or that of somebody who had the handle after it: it is over either way.
        this.#end(session, timeUs, "hangupLost");
        return undefined;
      }
      verify(session);
    }
    complete(session, who);
    session.hangup = { timeUs, counters, seconds };
    this.#dirty.add(session);
    const facts = this.#facts(session, true);
    this.#mayEnd(session, timeUs, nowMs);
    return facts;
  }

  #reauthentication(input: ConnectionInput): SessionFacts | undefined {
    const { boot, handle, who } = input;
    const session = handle === undefined ? undefined : this.#at(boot, handle);
    if (session === undefined || session.isSpent) return undefined;
    if (session.isGapped) {
      if (!isSameConnection(session, input)) return undefined;
      verify(session);
    }
    complete(session, who);
    this.#dirty.add(session);
    return this.#facts(session);
  }

  /** Ends a session whose last link is gone and whose hangup has come, or lets it wait for one. */
  #mayEnd(session: SessionRecord, timeUs: number, nowMs: number): void {
    const isDown = linksUp(session) === 0;
    if (isDown && session.hangup !== undefined) {
      this.#end(session, Math.max(session.hangup.timeUs, timeUs), "hangup");
    } else if (isDown || session.hangup !== undefined) {
      this.#setWaiting(session, session.waitsSinceMs ?? nowMs);
    }
  }

  #facts(session: SessionRecord, isHangup = false): SessionFacts {
    const linkCount = linksUp(session);
    return {
      session,
      isRestored: this.#restored.has(session),
      linkCount,
      isLastLink: isHangup && linkCount === 0,
    };
  }

  #doubt(session: SessionRecord): void {
    if (session.isGapped) return;
    session.isGapped = session.isUncertain = true;
    this.#dirty.add(session);
  }

  #endBoot(boot: string, timeUs: number, reason: EndReason): void {
    for (const session of this.#byHandle.get(boot)?.values() ?? []) {
      this.#conclude(session, timeUs, reason);
    }
  }

  #begin(session: SessionRecord): SessionRecord {
    if (this.#open.size >= SESSIONS_MAX) {
      const [oldest] = this.#open;
      this.#conclude(oldest!, session.beganUs, "tooMany");
    }
    this.#add(session);
    this.#dirty.add(session);
    return session;
  }

  #add(session: SessionRecord): void {
    let handles = this.#byHandle.get(session.boot);
    if (handles === undefined) this.#byHandle.set(session.boot, handles = new Map());
    handles.set(session.handle, session);
    this.#open.add(session);
  }

  /** Ends a session of which no hangup says so; one that lacked only a part ended with the rest. */
  #conclude(session: SessionRecord, timeUs: number, reason: EndReason): void {
    if (session.isSpent) return this.#forget(session);
    const { hangup, waitsSinceMs } = session;
    if (hangup !== undefined) this.#end(session, hangup.timeUs, "linkHangupsMissing");
    else if (waitsSinceMs === undefined) this.#end(session, timeUs, reason);
    else this.#end(session, lastDownUs(session), "connectionHangupMissing");
  }

  #end(session: SessionRecord, timeUs: number, reason: EndReason): void {
    this.#ended.push(endSession(session, this.#restored.has(session), timeUs, reason));
    this.#forget(session);
  }

  /** Ends a session and keeps its handle, so that what still comes of it begins no other one. */
  #spend(session: SessionRecord): void {
    const isRestored = this.#restored.has(session);
    const lastUs = lastDownUs(session);
    this.#ended.push(endSession(session, isRestored, lastUs, "connectionHangupMissing"));
    this.#setWaiting(session, undefined);
    session.isSpent = true;
    session.links = [];
    this.#dirty.add(session);
  }

  #forget(session: SessionRecord): void {
    this.#restored.delete(session);
    this.#open.delete(session);
    const handles = this.#byHandle.get(session.boot);
    handles?.delete(session.handle);
    if (handles?.size === 0) this.#byHandle.delete(session.boot);
    this.#waiting.delete(session);
    this.#dirty.delete(session);
    if (this.#stored.delete(session)) this.#removed.push(sessionId(session));
  }

  #setWaiting(session: SessionRecord, sinceMs: number | undefined): void {
    if (session.waitsSinceMs === sinceMs) return;
    this.#waiting.delete(session);
    if (sinceMs === undefined) delete session.waitsSinceMs;
    else {
      session.waitsSinceMs = sinceMs;
      this.#waiting.add(session);
    }
  }

  #isOverdue({ waitsSinceMs = 0 }: SessionRecord, nowMs: number): boolean {
    // A time far ahead is from a clock that has been set back since.
    return Math.abs(nowMs - waitsSinceMs) >= this.#limits.sessionWaitMs;
  }

  #at(boot: string, handle: HandleKey): SessionRecord | undefined {
    return this.#byHandle.get(boot)?.get(handle);
  }
}

const NONE: readonly EndedSession[] = [];
const NO_CHANGES: SessionChanges = { put: [], removed: [] };
