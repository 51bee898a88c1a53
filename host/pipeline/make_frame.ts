import { encodeEventsFrame } from "../protocol/plugin_frames.ts";
import { segmentSlice } from "../store/segment.ts";
import { invariant } from "../internal/invariant.ts";
import type { FramePool } from "./frame_pool.ts";
import type { EventSource } from "./event_source.ts";

/** What one frame of events may hold. */
export interface FrameLimits {
  /** Events in one frame. */
  readonly frameEventsMax: number;
  /** Bytes of events in one frame, as long as it has more than one event. */
  readonly frameBytesMax: number;
}

/** A frame and the last event in it. */
export interface MadeFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly last: number;
}

/**
 * Makes a frame of consecutive events: of as many as there are and as the limits allow, so that
 * frames grow with the backlog and hold a single event when there is none.
 *
 * @param from Sequence of the first event, which exists.
 * @param to Sequence of the last event that may be in it.
 * @param grants What the plugin may see of them (`grantMask`).
 */
export function makeFrame(
  source: EventSource,
  from: number,
  to: number,
  attempt: number,
  limits: FrameLimits,
  pool: FramePool,
  grants: number,
): MadeFrame {
  const pieces: Uint8Array[] = [];
  let next = from;
  let bytes = 0;
  const lastAllowed = Math.min(to, from + limits.frameEventsMax - 1);
  while (next <= lastAllowed) {
    const segment = source.at(next);
    if (segment === undefined || segment.first > next) break;
    let last = Math.min(segment.last, lastAllowed);
    const begin = segment.offsets[next - segment.first]!;
    const room = limits.frameBytesMax - bytes;
    while (last > next && segment.offsets[last - segment.first + 1]! - begin > room) last--;
    const piece = segmentSlice(segment, next, last);
    if (pieces.length > 0 && piece.byteLength > room) break;
    pieces.push(piece);
    bytes += piece.byteLength;
    next = last + 1;
  }
  invariant(next > from, `event ${from} is neither in memory nor in the store`);
  return {
    bytes: encodeEventsFrame(attempt, next - from, pieces, grants, (length) => pool.take(length)),
    last: next - 1,
  };
}
