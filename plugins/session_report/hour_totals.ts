import type { Port } from "onhook";
import { Totals } from "./totals.ts";

/** The totals of one hour, for each port and for those that found no place of their own. */
export class HourTotals {
  /** By the port's label. A `Map`, because a port may be named `__proto__`. */
  readonly ports = new Map<string, Totals>();
  /** Hangups of ports beyond the bound, summed up together. */
  readonly others = new Totals();
  /** Events of this hour that were lost before they reached anybody. */
  eventsLost = 0n;
  readonly #portsMax: number;

  /** @param portsMax How many ports are kept apart. */
  constructor(portsMax: number) {
    this.#portsMax = portsMax;
  }

  /** Counts one hangup under its port. */
  addPort(port: Port): void {
    const label = labelOf(port);
    let totals = this.ports.get(label);
    if (totals === undefined && this.ports.size < this.#portsMax) {
      totals = new Totals();
      this.ports.set(label, totals);
    }
    (totals ?? this.others).addPort(port);
  }
}

/** The port's name, or its handle when RAS gave no name with it. */
function labelOf(port: Port): string {
  if (port.name) return port.name;
  return port.handle === undefined ? "(unknown port)" : `(handle ${port.handle})`;
}
