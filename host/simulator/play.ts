import type { Clock } from "../internal/clock.ts";
import { NativeError } from "../internal/errors.ts";
import type { AdminDll } from "./admin_dll.ts";
import { adversarialCallouts } from "./adversarial_callouts.ts";
import { type AdversarialConnection, adversarialConnections } from "./adversarial_connections.ts";
import { rasLayout } from "./ras_layout.ts";
import { makeScenario, type Step } from "./scenario.ts";
import { scenarioSteps } from "./scenario_steps.ts";
import type { SimulatorSettings } from "./simulator_options.ts";
import { type Structure, structures } from "./structures.ts";

/** So often the clock is looked at while hangups are played as fast as possible. */
const STEPS_PER_LOOK = 256;
/** So often the event loop gets its turn, in which a stop is heard of. */
const TURN_INTERVAL_MS = 20;
const PROGRESS_INTERVAL_MS = 200;

/** What was played. */
export interface SimulatorResult {
  /** Link hangups that RAS would have reported. */
  readonly hangups: number;
  /** Callouts in all, the service's start and stop included: what comes out as events. */
  readonly callouts: number;
  /** From the first to the last callout. */
  readonly seconds: number;
  /** Plays the same again; what the day was made from. */
  readonly seed: number;
  /** Connections and links that the DLL did not accept. */
  readonly refused: number;
}

/** What a player needs. */
export interface PlayOptions {
  readonly settings: SimulatorSettings & { readonly seed: number };
  readonly dll: AdminDll;
  readonly clock: Clock;
  /** Ends the playing early, the service's stop included. */
  readonly signal?: AbortSignal;
  /** Told about five times a second how many hangups there were. */
  readonly onProgress?: (hangups: number) => void;
}

/**
 * Plays the remote access service: starts it, makes the callouts of a day in their documented
 * order, and stops it.
 *
 * @returns What was played.
 * @throws {NativeError} When the DLL does not let the service start, which RAS takes as fatal.
 */
export async function play(options: PlayOptions): Promise<SimulatorResult> {
  const { settings, dll, clock } = options;
  startService(dll);
  const start = clock.monotonic();
  const player = new Player(options, start);
  try {
    if (settings.adversarial) {
      player.playAdversarial();
    } else {
      await player.playDay();
    }
  } finally {
    dll.symbols.MprAdminTerminateDll();
  }
  const seconds = (clock.monotonic() - start) / 1000;
  const { hangups, callouts, refused } = player;
  return { hangups, callouts, seconds, seed: settings.seed, refused };
}

function startService(dll: AdminDll): void {
  const status = dll.symbols.MprAdminInitializeDll();
  if (status === 0) return;
  throw new NativeError(
    `Cannot start the service: MprAdminInitializeDll gave ${status}, 0 is wanted; ` +
      "look at what the library says about its journal",
    { code: -1, symbol: "MprAdminInitializeDll", systemCode: status, processId: 0 },
  );
}

class Player {
  readonly #options: PlayOptions;
  readonly #start: number;
  /** Connections that the DLL refused: RAS makes no further callout for them. */
  readonly #refused = new Set<bigint>();
  /** RAS's structures live as long as a callout; a DLL that keeps a pointer will be found out. */
  readonly #memory = {
    port0: new Uint8Array(rasLayout.port0.size),
    port1: new Uint8Array(rasLayout.port1.size),
    connection0: new Uint8Array(rasLayout.connection0.size),
    connection1: new Uint8Array(rasLayout.connection1.size),
    connection2: new Uint8Array(rasLayout.connection2.size),
    connection3: new Uint8Array(rasLayout.connection3.size),
  };
  #progressAt = 0;
  #turnAt = 0;
  hangups = 0;
  /** The start has been made, and the stop will be. */
  callouts = 2;
  refused = 0;

  constructor(options: PlayOptions, start: number) {
    this.#options = options;
    this.#start = start;
  }

  playAdversarial(): void {
    const { symbols } = this.#options.dll;
    for (const { port0, port1 } of adversarialCallouts) {
      symbols.MprAdminLinkHangupNotification(port0, port1);
      this.hangups++;
      this.callouts++;
    }
    if (this.#options.settings.hangupsOnly) return;
    for (const { port0, port1 } of adversarialCallouts) {
      this.#refuse(0n, symbols.MprAdminAcceptNewLink(port0, port1));
      this.callouts++;
    }
    for (const one of adversarialConnections) this.#callAdversarial(one);
  }

  #callAdversarial({ type, structures: [first, second, third, fourth] }: AdversarialConnection) {
    const { symbols } = this.#options.dll;
    this.callouts++;
    if (type === "connectionHangup") {
      symbols.MprAdminConnectionHangupNotification2(first, second, third);
      return;
    }
    this.#refuse(
      0n,
      type === "connectionUp"
        ? symbols.MprAdminAcceptNewConnection2(first, second, third)
        : symbols.MprAdminAcceptReauthentication(first, second, third, fourth),
    );
  }

  async playDay(): Promise<void> {
    const { settings, signal } = this.#options;
    let steps = 0;
    const all = settings.scenario === undefined
      ? makeScenario(settings, settings.seed)
      : scenarioSteps(settings.scenario);
    for (const step of all) {
      if (signal?.aborted) return;
      if (step.kind === "wait") {
        await this.#wait(step.milliseconds);
        continue;
      }
      if (step.kind === "hangup" && step.paced) await this.#pace();
      if (++steps % STEPS_PER_LOOK === 0) await this.#turn();
      if (settings.hangupsOnly && step.kind !== "hangup" && step.kind !== "restart") continue;
      this.#call(step);
    }
    this.#options.onProgress?.(this.hangups);
  }

  /** Sleeps until the next hangup is due; what is late is played without a pause. */
  async #pace(): Promise<void> {
    const { settings: { ratePerSecond }, clock } = this.#options;
    if (ratePerSecond === 0) return;
    const due = this.#start + this.hangups / ratePerSecond * 1000;
    for (;;) {
      const left = due - clock.monotonic();
      // Timers are no finer than a millisecond, so higher rates come in small bursts.
      if (left < 1 || this.#options.signal?.aborted) return;
      await this.#sleep(Math.min(left, PROGRESS_INTERVAL_MS));
      this.#showProgress();
    }
  }

  async #turn(): Promise<void> {
    const now = this.#options.clock.monotonic();
    if (now < this.#turnAt) return;
    this.#turnAt = now + TURN_INTERVAL_MS;
    this.#showProgress();
    await this.#sleep(0);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.startTimer(ms, resolve));
  }

  #showProgress(): void {
    const now = this.#options.clock.monotonic();
    if (now < this.#progressAt) return;
    this.#progressAt = now + PROGRESS_INTERVAL_MS;
    this.#options.onProgress?.(this.hangups);
  }

  /** Sleeps in pieces, so that a stop is heard of. */
  async #wait(milliseconds: number): Promise<void> {
    const { clock, signal } = this.#options;
    const until = clock.monotonic() + milliseconds;
    for (let left = milliseconds; left > 0 && !signal?.aborted; left = until - clock.monotonic()) {
      await this.#sleep(Math.min(left, TURN_INTERVAL_MS));
    }
  }

  #call(step: Exclude<Step, { kind: "wait" }>): void {
    if (step.kind === "restart") {
      this.#restart();
      return;
    }
    const { symbols } = this.#options.dll;
    const connection = "connection" in step ? step.connection.connection : step.port0.connection;
    if (this.#refused.has(connection)) {
      if (step.kind === "disconnect") this.#refused.delete(connection);
      return;
    }
    this.callouts++;
    switch (step.kind) {
      case "connect":
        this.#refuse(
          connection,
          symbols.MprAdminAcceptNewConnection2(...this.#connectionOf(step)),
        );
        break;
      case "link":
        this.#refuse(connection, symbols.MprAdminAcceptNewLink(...this.#portOf(step)));
        break;
      case "reauthenticate":
        this.#refuse(
          connection,
          symbols.MprAdminAcceptReauthentication(
            ...this.#connectionOf(step),
            structures.connection3(step.connection, this.#memory.connection3),
          ),
        );
        break;
      case "hangup":
        symbols.MprAdminLinkHangupNotification(...this.#portOf(step));
        this.hangups++;
        break;
      case "disconnect":
        symbols.MprAdminConnectionHangupNotification2(...this.#connectionOf(step));
        break;
    }
  }

  #restart(): void {
    this.#options.dll.symbols.MprAdminTerminateDll();
    this.#refused.clear();
    this.callouts += 2;
    startService(this.#options.dll);
  }

  #portOf(step: Extract<Step, { port0: unknown }>): [Structure, Structure] {
    return [
      structures.port0(step.port0, this.#memory.port0),
      structures.port1(step.port1, this.#memory.port1),
    ];
  }

  #refuse(connection: bigint, accepted: number): void {
    if (accepted !== 0) return;
    this.#refused.add(connection);
    this.refused++;
  }

  #connectionOf(step: Extract<Step, { connection: unknown }>): [Structure, Structure, Structure] {
    return [
      structures.connection0(step.connection, this.#memory.connection0),
      structures.connection1(step.connection, this.#memory.connection1),
      structures.connection2(step.connection, this.#memory.connection2),
    ];
  }
}
