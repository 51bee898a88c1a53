import type {
  FailedMessage,
  KeepMessage,
  LogMessage,
  ReadyMessage,
  RefusedMessage,
} from "../protocol/messages.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginExit, PluginListener } from "./plugin_process.ts";

/** Passes on what one process says until it is gone; whatever comes after that is left out. */
export class OneLife implements PluginListener {
  readonly #aborted = new AbortController();
  #to: PluginListener | undefined;

  /** @param to Who hears it. */
  constructor(to: PluginListener) {
    this.#to = to;
  }

  /** Whether nobody listens any more. */
  get isOver(): boolean {
    return this.#to === undefined;
  }

  /** Aborts when nobody waits for the process any more. */
  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  /** Listens no more. */
  end(): void {
    this.#to = undefined;
    this.#aborted.abort();
  }

  ready(message: ReadyMessage): void {
    this.#to?.ready(message);
  }

  refused(message: RefusedMessage): void {
    this.#to?.refused(message);
  }

  settled(message: Settled): void {
    this.#to?.settled(message);
  }

  failed(message: FailedMessage): void {
    this.#to?.failed(message);
  }

  keep(message: KeepMessage): void {
    this.#to?.keep(message);
  }

  log(message: LogMessage): void {
    this.#to?.log(message);
  }

  stopped(): void {
    this.#to?.stopped();
  }

  exceeded(what: string, isLasting?: boolean): void {
    this.#to?.exceeded(what, isLasting);
  }

  hasWorked(): boolean {
    return this.#to?.hasWorked() ?? true;
  }

  broken(what: string): void {
    this.#to?.broken(what);
  }

  turn(): void {
    this.#to?.turn();
  }

  exited(exit: PluginExit): void {
    const to = this.#to;
    this.end();
    to?.exited(exit);
  }
}
