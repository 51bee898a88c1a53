import { ALL_GRANTS } from "../events/field_grants.ts";
import { withholdFields } from "../events/withhold_fields.ts";
import { TO_PLUGIN } from "./frame_kinds.ts";

/**
 * Frames to a plugin's process: `u32 length` of what follows, `u8 kind`, payload. A batch of events
 * has the payload `u32 attempt`, `u32 count` and then the entries as the journal and the store hold
 * them, so an event is encoded once, in the service, and decoded once, in the plugin's process.
 */
export const FRAME_HEAD_BYTES = 5;

const BATCH_HEAD_BYTES = 8;
const encoder = new TextEncoder();

/**
 * @param kind One of `TO_PLUGIN`.
 * @param message What to send as JSON; without it the payload is empty.
 * @returns The whole frame.
 */
export function encodeControlFrame(
  kind: number,
  message?: unknown,
): Uint8Array<ArrayBuffer> {
  const payload = message === undefined
    ? new Uint8Array()
    : encoder.encode(JSON.stringify(message));
  const frame = new Uint8Array(FRAME_HEAD_BYTES + payload.byteLength);
  writeHead(frame, kind);
  frame.set(payload, FRAME_HEAD_BYTES);
  return frame;
}

/**
 * @param attempt How often these events have been handed to the plugin, this time included.
 * @param count How many entries `pieces` hold together.
 * @param pieces Entries, each piece ending 8-aligned so that the next one goes on from there.
 * @param grants What the plugin may see (`grantMask`); the rest is taken out of the frame.
 * @param take Gives the buffer of the frame, of exactly that many bytes.
 * @returns The whole frame.
 */
export function encodeEventsFrame(
  attempt: number,
  count: number,
  pieces: readonly Uint8Array[],
  grants: number,
  take: (bytes: number) => Uint8Array<ArrayBuffer> = (length) => new Uint8Array(length),
): Uint8Array<ArrayBuffer> {
  let bytes = FRAME_HEAD_BYTES + BATCH_HEAD_BYTES;
  for (const piece of pieces) bytes += piece.byteLength;
  const frame = take(bytes);
  writeHead(frame, TO_PLUGIN.events);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint32(FRAME_HEAD_BYTES, attempt, true);
  view.setUint32(FRAME_HEAD_BYTES + 4, count, true);
  let offset = FRAME_HEAD_BYTES + BATCH_HEAD_BYTES;
  for (const piece of pieces) {
    frame.set(piece, offset);
    offset += piece.byteLength;
  }
  if (grants === ALL_GRANTS) return frame;
  const end = withholdFields(frame, FRAME_HEAD_BYTES + BATCH_HEAD_BYTES, count, grants);
  if (end === frame.byteLength) return frame;
  // Names must not stay in memory that is used again for who knows what.
  frame.fill(0, end);
  const cut = frame.subarray(0, end);
  writeHead(cut, TO_PLUGIN.events);
  return cut;
}

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
    attempt: view.getUint32(0, true),
    count: view.getUint32(4, true),
    entries: payload.subarray(BATCH_HEAD_BYTES),
  };
}

function writeHead(frame: Uint8Array, kind: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint32(0, frame.byteLength - 4, true);
  view.setUint8(4, kind);
}
