import { uint16, uint32 } from "./little_endian.ts";
import { indexedName } from "./_names.ts";
import { readHex } from "./_number.ts";
import { readText } from "./_text.ts";
import { EntryError } from "./entry_error.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";
import type { Port } from "./schema.ts";

const at = layout.linkHangup;
const max = layout.textUnitsMax;

const PORT_0 = 1;
const PORT_1 = 2;
/** 2^32 bytes in bits: from this product of seconds and bits per second on, counters may wrap. */
const WRAP_BITS = 0x1_0000_0000 * 8;

const handleFields = ["handle", "connectionHandle"] as const;
const port0Fields = [
  ...handleFields,
  "name",
  "mediaName",
  "deviceName",
  "deviceType",
  "condition",
  "totalCalls",
  "connectDurationSeconds",
] as const;
const port1Fields = [
  ...handleFields,
  "hardwareCondition",
  "lineSpeedBitsPerSecond",
  "bytesTransmitted",
  "bytesReceived",
  "framesTransmitted",
  "framesReceived",
  "errors",
  "compressionRatioIn",
  "compressionRatioOut",
] as const;

/** Builds the port of a link that comes or goes; the caller has checked that `bytes` bytes lie in the buffer. */
export function decodeLinkHangup(view: DataView, entry: number, bytes: number): Port {
  if (bytes < at.text) {
    throw new EntryError(`it has ${bytes} bytes, at least ${at.text} are wanted`, entry);
  }
  const present = uint16(view, entry + at.present);
  if (present === (PORT_0 | PORT_1)) return decodePort(view, entry, bytes, at.port0Handle);
  if (present === PORT_0) {
    return pick(decodePort(view, entry, bytes, at.port0Handle), port0Fields);
  }
  if (present === PORT_1) {
    return pick(decodePort(view, entry, bytes, at.port1Handle), port1Fields);
  }
  if (present === 0) return {};
  throw new EntryError(
    `it says that halves ${present} of the port are there, 0 to 3 is wanted`,
    entry,
  );
}

/** Both halves in one literal, so that every port has one shape. */
function decodePort(view: DataView, entry: number, bytes: number, handle: number): Required<Port> {
  const nameUnits = readUnits(view, entry, at.portNameUnits, max.portName);
  const mediaUnits = readUnits(view, entry, at.mediaNameUnits, max.mediaName);
  const deviceUnits = readUnits(view, entry, at.deviceNameUnits, max.deviceName);
  const typeUnits = readUnits(view, entry, at.deviceTypeUnits, max.deviceType);
  const nameAt = entry + at.text;
  const mediaAt = nameAt + nameUnits * 2;
  const deviceAt = mediaAt + mediaUnits * 2;
  const typeAt = deviceAt + deviceUnits * 2;
  const wanted = typeAt + typeUnits * 2 - entry;
  if (wanted > bytes) {
    throw new EntryError(`it has ${bytes} bytes, its texts want ${wanted}`, entry);
  }
  const seconds = uint32(view, entry + at.connectDuration);
  const lineSpeed = uint32(view, entry + at.lineSpeed);
  return {
    handle: `0x${readHex(view, entry + handle)}`,
    connectionHandle: `0x${readHex(view, entry + handle + 8)}`,
    name: readText(view, nameAt, nameUnits),
    mediaName: readText(view, mediaAt, mediaUnits),
    deviceName: readText(view, deviceAt, deviceUnits),
    deviceType: readText(view, typeAt, typeUnits),
    condition: indexedName(portConditions, uint32(view, entry + at.condition)),
    totalCalls: uint32(view, entry + at.totalCalls),
    connectDurationSeconds: seconds,
    hardwareCondition: indexedName(
      hardwareConditions,
      uint32(view, entry + at.hardwareCondition),
    ),
    lineSpeedBitsPerSecond: lineSpeed,
    bytesTransmitted: uint32(view, entry + at.bytesTransmitted),
    bytesReceived: uint32(view, entry + at.bytesReceived),
    framesTransmitted: uint32(view, entry + at.framesTransmitted),
    framesReceived: uint32(view, entry + at.framesReceived),
    countersMayHaveWrapped: seconds * lineSpeed >= WRAP_BITS,
    errors: {
      crc: uint32(view, entry + at.crcErrors),
      timeout: uint32(view, entry + at.timeoutErrors),
      alignment: uint32(view, entry + at.alignmentErrors),
      hardwareOverrun: uint32(view, entry + at.hardwareOverrunErrors),
      framing: uint32(view, entry + at.framingErrors),
      bufferOverrun: uint32(view, entry + at.bufferOverrunErrors),
    },
    compressionRatioIn: uint32(view, entry + at.compressionRatioIn),
    compressionRatioOut: uint32(view, entry + at.compressionRatioOut),
  };
}

function readUnits(view: DataView, entry: number, offset: number, unitsMax: number): number {
  const units = uint16(view, entry + offset);
  if (units > unitsMax) {
    throw new EntryError(`a text has ${units} units, at most ${unitsMax} are wanted`, entry);
  }
  return units;
}

function pick(port: Required<Port>, fields: readonly (keyof Port)[]): Port {
  return Object.fromEntries(fields.map((field) => [field, port[field]])) as Port;
}
