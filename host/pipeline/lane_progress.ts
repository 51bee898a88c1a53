import type { AttemptRun, Cursor } from "../store/store.ts";
import { attemptsOf, halted, handedOver, runEnd, settledUpTo } from "./attempt_runs.ts";

/** How far one plugin is, and what of the events behind that is on its way to its process. */
export class LaneProgress {
  #position: number;
  /** The last event that a frame has been made of for the process that runs now. */
  #planned: number;
  /** The last event that has left for it; behind `#planned` while the store cannot be written. */
  #sent: number;
  #runs: readonly AttemptRun[];
  /** `#runs` as it was before the process that runs now was handed anything. */
  #runsBefore: readonly AttemptRun[];
  /** The last event of each frame in hand. */
  readonly #frameEnds: number[] = [];

  constructor({ settled, runs }: Cursor) {
    this.#position = this.#planned = this.#sent = settled;
    this.#runs = this.#runsBefore = settledUpTo(runs, settled);
  }

  /** Every event up to this one is settled. */
  get position(): number {
    return this.#position;
  }

  /** The last event that a frame has been made of. */
  get planned(): number {
    return this.#planned;
  }

  /** The last event that has left for the process. */
  get sent(): number {
    return this.#sent;
  }

  /** Frames that are not settled yet. */
  get frames(): number {
    return this.#frameEnds.length;
  }

  /** What is to be stored of it. */
  get cursor(): Cursor {
    return { settled: this.#position, runs: this.#runs };
  }

  /** How often an event that is not settled has been handed over. */
  attemptsOf(sequence: number): number {
    return attemptsOf(this.#runs, sequence);
  }

  /** The last event that has been handed over as often as a given one, as far as `limit`. */
  runEnd(sequence: number, limit: number): number {
    return runEnd(this.#runs, sequence, limit);
  }

  /** A frame has been made of the events `from` … `to`. */
  plan(from: number, to: number, attempt: number): void {
    this.#runs = handedOver(this.#runs, from, to, attempt);
    this.#frameEnds.push(to);
    this.#planned = to;
  }

  /** All frames that have been made leave. */
  send(): void {
    this.#sent = this.#planned;
  }

  /** Every event up to this one is settled. */
  settle(position: number): void {
    const ends = this.#frameEnds;
    this.#position = position;
    this.#runs = settledUpTo(this.#runs, position);
    while (ends.length > 0 && ends[0]! <= position) ends.shift();
  }

  /** While nothing is in hand: goes on behind this event, which is to be settled right away. */
  skip(to: number): void {
    this.#planned = this.#sent = to;
  }

  /** A new process is there, which has been handed nothing. */
  begin(): void {
    this.#takeBack();
    this.#runsBefore = this.#runs;
  }

  /** The process has begun nothing beyond what it has settled, and begins nothing more. */
  stop(): void {
    this.#takeBack();
    this.#runs = settledUpTo(this.#runsBefore, this.#position);
  }

  /** What was on its way is nobody's any more: the process is gone. */
  forget(): void {
    this.#takeBack();
    this.#frameEnds.length = 0;
  }

  /**
   * The process has thrown away what it had not begun.
   *
   * @param hasBegun Whether it has begun the event behind what is settled.
   */
  halt(hasBegun: boolean): void {
    this.forget();
    this.#runs = this.#runsBefore = halted(this.#runs, this.#runsBefore, this.#position, hasBegun);
  }

  #takeBack(): void {
    this.#planned = this.#sent = this.#position;
  }
}
