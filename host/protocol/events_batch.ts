import { uint32 } from "../events/little_endian.ts";
import { frameLayout } from "./frame_layout.ts";

/** A batch of events as a plugin's process sees it. */
export interface EventsBatch {
  /** The attempt of every event in it. */
  readonly attempt: number;
  /** How many entries it holds. */
  readonly count: number;
  /** The entries. */
  readonly entries: Uint8Array;
}

/** @param payload The payload of an events frame. */
export function decodeEventsBatch(payload: Uint8Array): EventsBatch {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return {
    attempt: uint32(view, 0),
    count: uint32(view, 4),
    entries: payload.subarray(frameLayout.batchHeadBytes),
  };
}
