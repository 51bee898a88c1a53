import { encodeEventsFrame } from "../protocol/plugin_frames.ts";
import { defaultFields, grantMask } from "../events/field_grants.ts";
import { layout } from "../events/layout.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { ReadStore } from "../store/read_store.ts";
import { nextAttempt, OutcomeRange } from "./outcome.ts";
import type { ReplayRange } from "./replay_range.ts";
import { entriesOf } from "./stored_event.ts";

/** One event on its way to a plugin. */
export interface ReplayFrame {
  readonly sequence: number;
  readonly attempt: number;
  /** Whether the attempt follows from what the store knows; otherwise it is 1. */
  readonly isAttemptKnown: boolean;
  readonly frame: Uint8Array<ArrayBuffer>;
}

/** Bytes of events in memory at a time. */
const READ_BYTES = 256 * 1024;

/** Gives stored events as frames of one event each, so that an answer is about exactly one. */
export function* replayFrames(
  store: ReadStore,
  { id: plugin, fields }: Pick<PluginEntry, "id" | "fields">,
  range: ReplayRange,
): Generator<ReplayFrame> {
  const grants = grantMask(fields ?? defaultFields);
  for (let from = range.from; from <= range.to;) {
    const segments = store.segmentsFrom(from, READ_BYTES);
    const [first] = segments;
    if (first === undefined) return;
    const { last } = segments.at(-1)!;
    const outcomes = store.snapshot(() => new OutcomeRange(store, plugin, first.first, last));
    for (const segment of segments) {
      for (const { sequence, offset, bytes } of entriesOf(segment)) {
        if (sequence < from || sequence > range.to) continue;
        const attempt = nextAttempt(outcomes.of(sequence));
        // Frames hold whole entries, padding included.
        const padded = new Uint8Array(bytes + (-bytes & (layout.alignment - 1)));
        padded.set(segment.bytes.subarray(offset, offset + bytes));
        yield {
          sequence,
          attempt: attempt ?? 1,
          isAttemptKnown: attempt !== undefined,
          frame: encodeEventsFrame(attempt ?? 1, 1, [padded], grants),
        };
      }
    }
    from = last + 1;
  }
}
