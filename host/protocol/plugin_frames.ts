import { ALL_GRANTS } from "../events/field_grants.ts";
import { withholdFields } from "../events/withhold_fields.ts";
import { TO_PLUGIN } from "./frame_kinds.ts";
import { frameLayout } from "./frame_layout.ts";

const { headBytes, batchHeadBytes } = frameLayout;
const EVENTS_AT = headBytes + batchHeadBytes;
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
  const frame = new Uint8Array(headBytes + payload.byteLength);
  writeHead(frame, kind);
  frame.set(payload, headBytes);
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
  let bytes = EVENTS_AT;
  for (const piece of pieces) bytes += piece.byteLength;
  const frame = take(bytes);
  writeHead(frame, TO_PLUGIN.events);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint32(headBytes, attempt, true);
  view.setUint32(headBytes + 4, count, true);
  let offset = EVENTS_AT;
  for (const piece of pieces) {
    frame.set(piece, offset);
    offset += piece.byteLength;
  }
  if (grants === ALL_GRANTS) return frame;
  const end = withholdFields(frame, EVENTS_AT, count, grants);
  if (end === frame.byteLength) return frame;
  // Names must not stay in memory that is used again for who knows what.
  frame.fill(0, end);
  const cut = frame.subarray(0, end);
  writeHead(cut, TO_PLUGIN.events);
  return cut;
}

function writeHead(frame: Uint8Array, kind: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  view.setUint32(0, frame.byteLength - 4, true);
  view.setUint8(4, kind);
}
