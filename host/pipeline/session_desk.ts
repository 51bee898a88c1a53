import type { SessionFields } from "../events/session_fields.ts";
import type { Clock } from "../internal/clock.ts";
import type { HostLog } from "../internal/host_log.ts";
import type { EndedSession } from "../sessions/end_session.ts";
import { sessionFields } from "../sessions/entry_fields.ts";
import { readSessionInput } from "../sessions/read_session_input.ts";
import { SessionBook, type SessionChanges, type SessionLimits } from "../sessions/session_book.ts";
import { type HandleKey, sessionId, type SessionRecord } from "../sessions/session_record.ts";
import type { Store } from "../store/store.ts";

/** Sessions of a report that have a line of their own; the others are counted. */
const LINES_MAX = 20;

/** What a desk stands on. */
export interface SessionDeskOptions {
  readonly store: Pick<Store, "sessions">;
  readonly clock: Clock;
  readonly log: HostLog;
  readonly limits: SessionLimits;
}

/** Where the entries that come in are told whose they are. */
export class SessionDesk {
  readonly #options: SessionDeskOptions;
  readonly #book: SessionBook;
  readonly #isKnown = (boot: string, handle: HandleKey) => this.#book.has(boot, handle);

  constructor(options: SessionDeskOptions) {
    this.#options = options;
    const stored = options.store.sessions.all().map((text) => JSON.parse(text) as SessionRecord);
    this.#book = new SessionBook(options.limits, stored.sort((a, b) => a.beganUs - b.beganUs));
  }

  /** Takes an entry. @returns Whose it is, as far as that is known. */
  take(view: DataView, entry: number, bytes: number): SessionFields | undefined {
    const input = readSessionInput(view, entry, bytes, this.#isKnown);
    if (input === undefined) return undefined;
    const facts = this.#book.take(input, this.#options.clock.now());
    return facts && sessionFields(facts);
  }

  /** Sessions that have ended by what was taken, or by `tick`. */
  takeEnded(): readonly EndedSession[] {
    return this.#book.takeEnded();
  }

  /** Whether a session has waited long enough for the rest of its end. */
  get isDue(): boolean {
    return this.#book.isDue(this.#options.clock.now());
  }

  /** Ends the sessions that have waited long enough. */
  tick(): void {
    this.#book.tick(this.#options.clock.now());
  }

  /** What has to be stored together with the entries that were taken. */
  takeChanges(): SessionChanges {
    return this.#book.takeChanges();
  }

  /** Inside a transaction: stores what has changed. */
  store({ put, removed }: SessionChanges): void {
    const { sessions } = this.#options.store;
    for (const session of put) sessions.put(sessionId(session), JSON.stringify(session));
    for (const id of removed) sessions.remove(id);
  }

  /** Tells the log of sessions that have been open for very long. */
  reportOverlong(): void {
    const { log, clock, limits } = this.#options;
    const overlong = this.#book.overlong(clock.now());
    const hours = limits.sessionReportHours;
    for (const session of overlong.slice(0, LINES_MAX)) {
      log.warn(
        `A session has been open for more than ${hours} hours; its hangup may have been lost, or ` +
          "its client may be gone without a word",
        {
          session: sessionId(session),
          ...session.who,
          ports: session.links.flatMap(({ name, downUs }) =>
            downUs === undefined ? name ?? [] : []
          ),
        },
      );
    }
    if (overlong.length > LINES_MAX) {
      log.warn(`${overlong.length - LINES_MAX} more sessions have been open for that long`);
    }
  }
}
