import type { LogMessage } from "../protocol/messages.ts";

/** A line of log that is kept with a dead letter. */
export interface KeptLine {
  readonly level: string;
  readonly message: string;
}

/** Lines of one plugin that are kept, the newest. */
export const KEPT_LINES_MAX = 20;

/** The newest lines that a plugin wrote, so that a dead letter can show those of its attempt. */
export class RecentLog {
  #lines: { sequence: number | undefined; line: KeptLine }[] = [];

  /** @param message A line as it came. */
  add({ sequence, level, message }: LogMessage): void {
    this.#lines.push({ sequence, line: { level, message } });
    if (this.#lines.length > KEPT_LINES_MAX) this.#lines.shift();
  }

  /** The lines of one event, and those that belong to none, such as what stood on stderr. */
  take(sequence: number): KeptLine[] {
    const taken = this.#lines.filter((kept) => kept.sequence === sequence || !kept.sequence);
    this.#lines = [];
    return taken.map(({ line }) => line);
  }
}
