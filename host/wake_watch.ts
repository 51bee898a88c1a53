import type { WakeState } from "./ffi/journal_reader.ts";
import type { HostLog } from "./internal/host_log.ts";

const WARNINGS: Readonly<Record<Exclude<WakeState, "event">, string>> = {
  hostCannot: "the host cannot use the event that stands in the journal, wanted one that the " +
    "service made; stop whoever else uses its name, or let this account write the journal",
  serviceCannot: "the remote access service cannot use the event that stands in the journal, " +
    "wanted one that the host or the service made; restart the service once the host runs",
};

/** Says once that the journal is looked at every few milliseconds, and when that is over. */
export class WakeWatch {
  readonly #log: HostLog;
  #said: WakeState = "event";

  constructor(log: HostLog) {
    this.#log = log;
  }

  /** @param state How it is now. */
  look(state: WakeState): void {
    if (state === this.#said) return;
    this.#said = state;
    if (state === "event") this.#log.info("The service wakes the host again");
    else {
      this.#log.warn(
        `Cannot be woken by the service: ${WARNINGS[state]}. The journal is looked at every few ` +
          "milliseconds meanwhile; no event is lost by that",
      );
    }
  }
}
