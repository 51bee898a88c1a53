import { connectionBytes, encodeConnection } from "./_encode_connection.ts";
import { encodeCounters } from "./_encode_counters.ts";
import { encodeSessionEnd, sessionFieldsOf } from "./_encode_session.ts";
import { bitPairs, maskOf, numberAt } from "./_names.ts";
import { writeTime } from "./_time.ts";
import { EventType } from "./event_type.ts";
import { gapReasons } from "./gap_reason.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";
import type { GapEvent, OnhookEvent, Port, Service } from "./schema.ts";
import { sessionBytes, writeSession } from "./session_fields.ts";

const header = layout.entry;
const reasonPairs = bitPairs(gapReasons);

/**
 * Encodes an event as an entry: the inverse of `decodeEvent`, for replay and tests. What an event
 * does not carry becomes zero, such as the checksum; what several structures carry is written to
 * the first of them that was there, handles to all. `attempt` is not part of an entry.
 *
 * @param event An event that `eventSchema` accepts; another one gives a meaningless entry.
 * @returns Exactly the entry, without the padding behind it.
 */
export function encodeEvent(event: OnhookEvent): Uint8Array<ArrayBuffer> {
  if (event.type === "sessionEnd") return encodeSessionEnd(event);
  const known = sessionFieldsOf(event);
  const bytes = entryBytes(event);
  const sessionAt = (bytes + layout.alignment - 1) & ~(layout.alignment - 1);
  const view = new DataView(
    new ArrayBuffer(typeof known === "number" ? bytes : sessionAt + sessionBytes(known)),
  );
  view.setUint32(header.reserved, typeof known === "number" ? known : sessionAt, true);
  if (typeof known !== "number") writeSession(view, sessionAt, known);
  const dash = event.id.indexOf("-");
  const position = event.type === "gap"
    ? BigInt(event.id.slice(dash + "-gap-".length))
    : BigInt(`0x${event.id.slice(dash + 1)}`);
  view.setBigUint64(header.position, position, true);
  view.setBigUint64(header.sequence, BigInt(event.sequence), true);
  writeTime(view, header.time, event.time);
  view.setBigUint64(header.boot, BigInt(`0x${event.id.slice(0, dash)}`), true);
  view.setUint32(header.bytes, view.byteLength, true);
  view.setUint16(header.type, EventType[event.type], true);
  view.setUint16(header.payloadVersion, layout.payloadVersion, true);
  switch (event.type) {
    case "linkHangup":
    case "linkUp":
      encodePort(view, event.port);
      break;
    case "connectionUp":
    case "connectionHangup":
    case "reauthentication":
      encodeConnection(view, event.connection, event.type === "reauthentication");
      break;
    case "serviceStart":
      encodeService(view, event.service);
      break;
    case "serviceStop":
      encodeService(view, event.service);
      view.setBigUint64(
        layout.serviceStop.calloutsTotal,
        BigInt(event.service.calloutsTotal),
        true,
      );
      break;
    case "gap":
      encodeGap(view, event.gap);
      break;
  }
  return new Uint8Array(view.buffer);
}

function entryBytes(event: Exclude<OnhookEvent, { type: "sessionEnd" }>): number {
  switch (event.type) {
    case "linkHangup":
    case "linkUp":
      return layout.linkHangup.text +
        portTexts(event.port).reduce((sum, text) => sum + text.length, 0) * 2;
    case "connectionUp":
    case "connectionHangup":
    case "reauthentication":
      return connectionBytes(event.connection, event.type === "reauthentication");
    default:
      return layout[event.type].bytes;
  }
}

function portTexts(port: Port): string[] {
  return [port.name, port.mediaName, port.deviceName, port.deviceType].map((text) => text ?? "");
}

function encodePort(view: DataView, port: Port): void {
  const at = layout.linkHangup;
  const has0 = port.name !== undefined;
  const has1 = port.errors !== undefined;
  view.setUint16(at.present, (has0 ? 1 : 0) | (has1 ? 2 : 0), true);
  let text = at.text;
  portTexts(port).forEach((value, index) => {
    view.setUint16(at.portNameUnits + index * 2, value.length, true);
    for (let i = 0; i < value.length; i++, text += 2) {
      view.setUint16(text, value.charCodeAt(i), true);
    }
  });
  for (const half of [has0 && at.port0Handle, has1 && at.port1Handle]) {
    if (half === false) continue;
    view.setBigUint64(half, BigInt(port.handle ?? 0), true);
    view.setBigUint64(half + 8, BigInt(port.connectionHandle ?? 0), true);
  }
  const set = (offset: number, value = 0) => view.setUint32(offset, value, true);
  set(at.condition, numberAt(portConditions, port.condition));
  set(at.totalCalls, port.totalCalls);
  set(at.connectDuration, port.connectDurationSeconds);
  set(at.hardwareCondition, numberAt(hardwareConditions, port.hardwareCondition));
  set(at.lineSpeed, port.lineSpeedBitsPerSecond);
  encodeCounters(view, at, port);
}

function encodeService(view: DataView, service: Service): void {
  const [major = 0, minor = 0, patch = 0] = service.libraryVersion.split(".").map(Number);
  view.setUint32(layout.serviceStart.processId, service.processId, true);
  view.setUint32(layout.serviceStart.libraryVersion, major << 16 | minor << 8 | patch, true);
}

function encodeGap(view: DataView, gap: GapEvent["gap"]): void {
  view.setBigUint64(layout.gap.lost, BigInt(gap.lost), true);
  writeTime(view, layout.gap.firstTime, gap.firstTime);
  writeTime(view, layout.gap.lastTime, gap.lastTime);
  view.setUint32(layout.gap.reasons, maskOf(reasonPairs, gap.reasons), true);
  view.setUint32(layout.gap.exact, gap.exact ? 1 : 0, true);
}
