import type { GapEvent, LinkHangupEvent } from "onhook";
import { hourOf } from "./hour.ts";
import { HourTotals } from "./hour_totals.ts";

/** Hours kept open at once; the oldest is reported when there would be more. */
export const HOURS_OPEN_MAX = 4;
/** Reported hours remembered, to tell a further report of the same hour from the first one. */
const HOURS_REPORTED_MAX = 48;
/** An hour is finished when an event this much later than its end has come. */
const LATE_MS = 60_000;
/** A step back by more than this is a corrected clock, not events that overtook each other. */
const CLOCK_SET_BACK_MS = 3_600_000;

/** One hour, ready to be reported. */
export interface FinishedHour {
  /** Whole hours since 1970 UTC. */
  hour: number;
  /** Its totals. */
  totals: HourTotals;
  /** Why the totals may not be those of the whole hour; empty when they are. */
  notes: string[];
}

/** Sorts events into hours by their own time, and knows when an hour is finished. */
export class HourBook {
  readonly #open = new Map<number, HourTotals>();
  readonly #reported = new Set<number>();
  readonly #portsMax: number;
  #firstHour: number | undefined;
  #latestMs = -Infinity;
  #finishedBefore = -Infinity;

  /** @param portsMax How many ports of an hour are kept apart. */
  constructor(portsMax: number) {
    this.#portsMax = portsMax;
  }

  /**
   * Counts a hangup or a gap.
   *
   * @returns The hours that this event has finished, oldest first.
   * @throws {RangeError} When the event's time is not a time.
   */
  add(event: LinkHangupEvent | GapEvent): FinishedHour[] {
    const timeMs = Date.parse(event.time);
    if (Number.isNaN(timeMs)) {
      throw new RangeError(
        `Cannot sort event ${event.id} into an hour: its time is ${JSON.stringify(event.time)}, ` +
          "ISO 8601 is wanted",
      );
    }
    const hour = hourOf(timeMs);
    this.#firstHour ??= hour;
    const totals = this.#open.get(hour) ?? new HourTotals(this.#portsMax);
    this.#open.set(hour, totals);
    if (event.type === "gap") totals.eventsLost += BigInt(event.gap.lost);
    else totals.addPort(event.port);
    return this.#closeFinished(timeMs);
  }

  /** Gives back whatever is open, oldest first, and forgets it. */
  drain(): FinishedHour[] {
    return this.#close([...this.#open.keys()], ["not seen to its end"]);
  }

  #closeFinished(timeMs: number): FinishedHour[] {
    const setBack = timeMs < this.#latestMs - CLOCK_SET_BACK_MS;
    this.#latestMs = setBack ? timeMs : Math.max(timeMs, this.#latestMs);
    const before = hourOf(this.#latestMs - LATE_MS);
    const open = [...this.#open.keys()];
    if (before !== this.#finishedBefore) {
      this.#finishedBefore = before;
      const current = hourOf(this.#latestMs);
      const notes = setBack ? ["the clock was set back"] : [];
      return this.#close(open.filter((hour) => hour < before || hour > current), notes);
    }
    // Single late events wait for the next report, but not without a bound.
    if (open.length > HOURS_OPEN_MAX) return this.#close([Math.min(...open)]);
    return [];
  }

  #close(hours: number[], more: string[] = []): FinishedHour[] {
    return hours.sort((a, b) => a - b).map((hour) => {
      const totals = this.#open.get(hour)!;
      this.#open.delete(hour);
      const notes = [...this.#notesOn(hour, totals), ...more];
      this.#reported.add(hour);
      if (this.#reported.size > HOURS_REPORTED_MAX) {
        this.#reported.delete(this.#reported.values().next().value!);
      }
      return { hour, totals, notes };
    });
  }

  #notesOn(hour: number, totals: HourTotals): string[] {
    const notes: string[] = [];
    if (this.#reported.has(hour)) notes.push("late events, to be added to the earlier report");
    else if (hour === this.#firstHour) {
      notes.push("not seen from its beginning");
    }
    if (totals.eventsLost > 0n) notes.push("events were lost");
    return notes;
  }
}
