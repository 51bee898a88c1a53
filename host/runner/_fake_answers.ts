import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import type { FailedMessage, KeepMessage, LogMessage } from "../protocol/messages.ts";
import { decodeSettled } from "../protocol/settled.ts";
import type { Answers } from "./answer_writer.ts";

/** What the host was told. */
export type Told =
  | { readonly settled: number; readonly count: number }
  | { readonly failed: number; readonly message: string }
  | { readonly log: LogMessage }
  | { readonly keep: KeepMessage };

/** Remembers what the runner says to the host. */
export class FakeAnswers implements Answers {
  readonly told: Told[] = [];
  /** Called after each message. */
  onTold: () => void = () => {};

  write(kind: number, fill?: (payload: Uint8Array) => number): void {
    const into = new Uint8Array(4083);
    const payload = into.subarray(0, fill?.(into) ?? 0);
    if (kind !== FROM_PLUGIN.settled) throw new RangeError(`the kind ${kind} is not faked`);
    const { sequence, count } = decodeSettled(payload)!;
    this.told.push({ settled: sequence, count });
    this.onTold();
  }

  tryWriteMessage(kind: number, message: unknown): boolean {
    if (kind === FROM_PLUGIN.log) this.told.push({ log: message as LogMessage });
    else if (kind === FROM_PLUGIN.keep) this.told.push({ keep: message as KeepMessage });
    else if (kind === FROM_PLUGIN.failed) {
      const { sequence, error } = message as FailedMessage;
      this.told.push({ failed: sequence, message: error.message });
    } else throw new RangeError(`the kind ${kind} is not faked`);
    this.onTold();
    return true;
  }
}
