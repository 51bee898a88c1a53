import { invariant } from "../internal/invariant.ts";

/** A dead letter that is to be handed over once more. */
export interface Redrive {
  /** The request's id in the store. */
  readonly request: number;
  readonly sequence: number;
  /** The attempt that it will be. */
  readonly attempt: number;
  /** Afterwards: whether the plugin has settled it. */
  readonly isSettled?: boolean;
}

/** The dead letters of one plugin that wait to be handed over once more, in sequence. */
export class RedriveQueue {
  #waiting: Redrive[] = [];
  #inHand: Redrive | undefined;
  #over: Redrive[] = [];

  /**
   * Says which ones are asked for now, in sequence; one that waited and is no longer asked for is
   * forgotten.
   */
  set(redrives: readonly Redrive[]): void {
    const known = new Set(this.#over.map(({ request }) => request));
    if (this.#inHand !== undefined) known.add(this.#inHand.request);
    this.#waiting = redrives.filter(({ request }) => !known.has(request));
  }

  /** Whether there is one to hand over. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** The one that the plugin works on. */
  get inHand(): Redrive | undefined {
    return this.#inHand;
  }

  /** Those that are over and not yet recorded. */
  get over(): readonly Redrive[] {
    return this.#over;
  }

  /** Whether an answer is about the one in hand. */
  isInHand(sequence: number): boolean {
    return this.#inHand?.sequence === sequence;
  }

  /** The one that is handed over next; there has to be one. */
  get next(): Redrive {
    const [next] = this.#waiting;
    invariant(next !== undefined, "no dead letter waits");
    return next;
  }

  /** Takes the next one in hand. */
  begin(): void {
    invariant(this.#inHand === undefined, "a dead letter is begun twice");
    this.#inHand = this.next;
    this.#waiting.shift();
  }

  /** Says what came of the one in hand. */
  end(isSettled: boolean): Redrive {
    invariant(this.#inHand !== undefined, "a dead letter ends that is not in hand");
    const over = { ...this.#inHand, isSettled };
    this.#over.push(over);
    this.#inHand = undefined;
    return over;
  }

  /** Forgets what has been recorded. */
  forget(): void {
    this.#over = [];
  }
}
