import type { LoadedDll } from "./load_admin_dlls.ts";
import type { Step } from "./scenario.ts";
import { type Structure, structures } from "./structures.ts";

/** A step that is a callout of a session. */
export type SessionStep = Exclude<Step, { kind: "wait" | "restart" }>;

/** So many callouts are begun before the first of them has to be over. */
const BEGUN_MAX = 64;

/**
 * Which callouts exclude each other. While RAS is in a function for one client it does not call it
 * for another, and two functions share one lock; links are not said to share theirs.
 *
 * Source: Microsoft, "RAS Administration DLL".
 */
const LOCKS: Readonly<Record<SessionStep["kind"], string>> = {
  connect: "connection",
  disconnect: "connection",
  link: "new link",
  hangup: "link hangup",
  reauthenticate: "reauthentication",
};

/**
 * Makes the callouts of many sessions on several threads, as RAS does: those of one session in
 * their order, those of several at the same time, each in every DLL in the order of the list.
 */
export class CalloutThreads {
  readonly #dlls: readonly LoadedDll[];
  readonly #locks = new Map<string, Promise<void>>();
  readonly #sessions = new Map<bigint, Promise<void>>();
  readonly #refused = new Set<bigint>();
  readonly #begun = new Set<Promise<void>>();
  hangups = 0;
  callouts = 0;
  refused = 0;

  /** @param dlls In call order. */
  constructor(dlls: readonly LoadedDll[]) {
    this.#dlls = dlls;
  }

  /** @returns When there is room for the next callout; this one may still wait for its turn. */
  async begin(step: SessionStep): Promise<void> {
    const session = "connection" in step ? step.connection.connection : step.port0.connection;
    const before = this.#sessions.get(session) ?? Promise.resolve();
    const done = before.then(() => this.#callUnlessRefused(step, session)).finally(() => {
      this.#begun.delete(done);
      if (this.#sessions.get(session) === done) this.#sessions.delete(session);
    });
    this.#sessions.set(session, done);
    this.#begun.add(done);
    if (this.#begun.size >= BEGUN_MAX) await Promise.race(this.#begun);
  }

  /** @returns When all callouts that have been begun are over. */
  async idle(): Promise<void> {
    await Promise.all(this.#begun);
    this.#refused.clear();
  }

  /** RAS makes no further callout for a connection that a DLL refused. */
  async #callUnlessRefused(step: SessionStep, session: bigint): Promise<void> {
    if (this.#refused.has(session)) {
      if (step.kind === "disconnect") this.#refused.delete(session);
      return;
    }
    const lock = LOCKS[step.kind];
    const turn = (this.#locks.get(lock) ?? Promise.resolve()).then(() => this.#call(step));
    this.#locks.set(lock, turn.then(() => {}, () => {}));
    this.callouts++;
    if (step.kind === "hangup") this.hangups++;
    if (await turn) return;
    this.#refused.add(session);
    this.refused++;
  }

  /** Whether each DLL has accepted; the structures live as long as the callout. */
  async #call(step: SessionStep): Promise<boolean> {
    let accepted = true;
    for (const { symbols } of this.#dlls) {
      const answer = await this.#callOne(symbols, step);
      accepted &&= answer !== 0;
    }
    return accepted;
  }

  async #callOne(symbols: LoadedDll["symbols"], step: SessionStep): Promise<number | void> {
    switch (step.kind) {
      case "connect":
        return await symbols.MprAdminAcceptNewConnection2?.(...connectionOf(step));
      case "reauthenticate": {
        const connection3 = structures.connection3(step.connection);
        return await symbols.MprAdminAcceptReauthentication?.(...connectionOf(step), connection3);
      }
      case "disconnect":
        return await symbols.MprAdminConnectionHangupNotification2?.(...connectionOf(step));
      case "link":
        return await symbols.MprAdminAcceptNewLink?.(...portOf(step));
      case "hangup":
        return await symbols.MprAdminLinkHangupNotification?.(...portOf(step));
    }
  }
}

function connectionOf({ connection }: Extract<SessionStep, { connection: unknown }>) {
  return [
    structures.connection0(connection),
    structures.connection1(connection),
    structures.connection2(connection),
  ] as [Structure, Structure, Structure];
}

function portOf({ port0, port1 }: Extract<SessionStep, { port0: unknown }>) {
  return [structures.port0(port0), structures.port1(port1)] as [Structure, Structure];
}
