/** A service that knows the truth, for tests: every event with the session that it is really of. */
import type { SessionInput } from "./session_input.ts";
import type { Counters } from "./session_record.ts";

const UINT32_END = 2 ** 32;
export const BOOT_BYTES = 0x1000;

/** What a session really was. */
export interface TrueSession {
  readonly number: number;
  readonly handle: number;
  readonly user: string;
  readonly guid: string | undefined;
  /** Links that are up, by port. */
  readonly up: Map<number, TrueLink>;
  /** Everything that its links carried, by the time of their hangup. */
  readonly links: Map<number, { readonly carried: Counters; readonly told: Counters }>;
  isOver: boolean;
}

interface TrueLink {
  readonly totalCalls: number;
  readonly upUs: number;
}

/** One event and the session that it is of. */
export interface TrueEvent {
  readonly input: SessionInput;
  readonly of?: TrueSession | undefined;
}

/** What a history is made of; the numbers choose among what is possible at that moment. */
export type Deed =
  | { readonly do: "connect"; readonly handle: number; readonly user: number; guid: boolean }
  | { readonly do: "link"; readonly session: number; readonly port: number }
  | { readonly do: "hangLink"; readonly session: number; readonly gigabytes: number }
  | { readonly do: "hangAll"; readonly session: number; readonly late: boolean }
  | { readonly do: "vanish"; readonly session: number }
  | { readonly do: "reauthenticate"; readonly session: number }
  | { readonly do: "restart"; readonly stops: boolean }
  | { readonly do: "wait"; readonly seconds: number };

/** Plays deeds as RAS does: a handle and a port serve one session after the other. */
export class FakeRas {
  readonly sessions: TrueSession[] = [];
  nowUs = 1_700_000_000_000_000;
  #boot = 1;
  #position = 0;
  #calls = new Map<number, number>();

  get #open(): TrueSession[] {
    return this.sessions.filter(({ isOver }) => !isOver);
  }

  /** @returns The events of the deed, none when it is not possible now. */
  *play(deed: Deed): Generator<TrueEvent> {
    this.nowUs += 20_000;
    switch (deed.do) {
      case "connect":
        return yield* this.#connect(deed.handle, deed.user, deed.guid);
      case "restart":
        return yield* this.#restart(deed.stops);
      case "wait":
        this.nowUs += deed.seconds * 1_000_000;
        return;
    }
    const open = this.#open;
    const session = open[deed.session % Math.max(open.length, 1)];
    if (session === undefined) return;
    if (deed.do === "link") yield* this.#link(session, deed.port);
    else if (deed.do === "hangLink") yield* this.#hangLink(session, deed.gigabytes);
    else if (deed.do === "hangAll") yield* this.#hangAll(session, deed.late);
    else if (deed.do === "reauthenticate") yield this.#connection("reauthentication", session);
    else this.#vanish(session);
  }

  *#connect(handle: number, user: number, guid: boolean): Generator<TrueEvent> {
    if (this.#open.some((session) => session.handle === handle)) return;
    const number = this.sessions.length;
    const session: TrueSession = {
      ...{ number, handle, user: `user-${user}`, up: new Map(), links: new Map(), isOver: false },
      guid: guid ? `guid-${number}` : undefined,
    };
    this.sessions.push(session);
    yield this.#connection("connectionUp", session);
  }

  *#link(session: TrueSession, port: number): Generator<TrueEvent> {
    if (this.#open.some(({ up }) => up.has(port))) return;
    // A connection whose last link is gone never gets another one.
    if (session.up.size === 0 && session.links.size > 0) return;
    const totalCalls = (this.#calls.get(port) ?? 0) + 1;
    this.#calls.set(port, totalCalls);
    session.up.set(port, { totalCalls, upUs: this.nowUs });
    const input = { kind: "linkUp" as const, ...this.#common(), handle: session.handle, port };
    yield { input: { ...input, name: `VPN-${port}`, totalCalls, seconds: 0 }, of: session };
  }

  *#hangLink(session: TrueSession, gigabytes: number): Generator<TrueEvent> {
    const [first] = session.up;
    if (first === undefined) return;
    const [port, { totalCalls, upUs }] = first;
    session.up.delete(port);
    const carried = Math.floor(gigabytes * 1e9) + port;
    const counters = (value: number) => ({
      bytesTransmitted: value,
      bytesReceived: 7,
      framesTransmitted: 1,
      framesReceived: 2,
    });
    const told = counters(carried % UINT32_END);
    const input = {
      ...{ kind: "linkHangup" as const, ...this.#common(), handle: session.handle, port },
      ...{ totalCalls, seconds: Math.floor((this.nowUs - upUs) / 1e6), counters: told },
      mayHaveWrapped: carried >= UINT32_END,
    };
    session.links.set(input.timeUs, { carried: counters(carried), told });
    yield { input, of: session };
  }

  *#hangAll(session: TrueSession, late: boolean): Generator<TrueEvent> {
    const links: TrueEvent[] = [];
    while (session.up.size > 0) links.push(...this.#hangLink(session, 1));
    session.isOver = true;
    const hangup = this.#connection("connectionHangup", session);
    yield* late ? [hangup, ...links] : [...links, hangup];
  }

  /** A session that RAS forgets without a word. */
  #vanish(session: TrueSession): void {
    session.isOver = true;
    session.up.clear();
  }

  *#restart(stops: boolean): Generator<TrueEvent> {
    for (const session of this.#open) this.#vanish(session);
    if (stops) yield { input: { kind: "serviceStop", ...this.#common() } };
    this.#boot++;
    this.#position = 0;
    this.#calls = new Map();
    yield { input: { kind: "serviceStart", ...this.#common() } };
  }

  #connection(
    kind: "connectionUp" | "connectionHangup" | "reauthentication",
    session: TrueSession,
  ): TrueEvent {
    const { handle, guid, user } = session;
    const input = { kind, ...this.#common(), handle, who: { user, domain: "CORP" } };
    return { input: guid === undefined ? input : { ...input, guid }, of: session };
  }

  #common(): { boot: string; position: number; timeUs: number } {
    this.nowUs += 1000;
    this.#position += BOOT_BYTES;
    return {
      boot: this.#boot.toString(16).padStart(16, "0"),
      position: this.#position,
      timeUs: this.nowUs,
    };
  }
}
