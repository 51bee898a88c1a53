import type { Port } from "./event.ts";
import type { layout } from "./layout.ts";

/** What the structures of ports and of connections count in the same way. */
export type Counters = Pick<
  Port,
  | "bytesTransmitted"
  | "bytesReceived"
  | "framesTransmitted"
  | "framesReceived"
  | "errors"
  | "compressionRatioIn"
  | "compressionRatioOut"
>;

/** Writes counters into an entry; what is not there becomes zero. */
export function encodeCounters(
  view: DataView,
  at: typeof layout.linkHangup | typeof layout.connection,
  counters: Counters,
): void {
  const { errors } = counters;
  const set = (offset: number, value = 0) => view.setUint32(offset, value, true);
  set(at.bytesTransmitted, counters.bytesTransmitted);
  set(at.bytesReceived, counters.bytesReceived);
  set(at.framesTransmitted, counters.framesTransmitted);
  set(at.framesReceived, counters.framesReceived);
  set(at.crcErrors, errors?.crc);
  set(at.timeoutErrors, errors?.timeout);
  set(at.alignmentErrors, errors?.alignment);
  set(at.hardwareOverrunErrors, errors?.hardwareOverrun);
  set(at.framingErrors, errors?.framing);
  set(at.bufferOverrunErrors, errors?.bufferOverrun);
  set(at.compressionRatioIn, counters.compressionRatioIn);
  set(at.compressionRatioOut, counters.compressionRatioOut);
}
