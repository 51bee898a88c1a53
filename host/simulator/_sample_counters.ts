import type { Port } from "../events/schema.ts";

const UINT32_MAX = 0xffff_ffff;

/** What a link has carried: no number twice, so that none can be taken for another. */
export const SAMPLE_TRAFFIC = {
  bytesTransmitted: 3_000_000_001,
  bytesReceived: 200_002,
  framesTransmitted: 30_003,
  framesReceived: 4004,
  compressionRatioIn: 55,
  compressionRatioOut: 66,
} as const;

/** {@linkcode SAMPLE_TRAFFIC} as an event says it, with the error counters 1 to 6. */
export const SAMPLE_COUNTERS = {
  ...SAMPLE_TRAFFIC,
  errors: { crc: 1, timeout: 2, alignment: 3, hardwareOverrun: 4, framing: 5, bufferOverrun: 6 },
} as const satisfies Port;

/** What an event says of counters whose bits are all set. */
export const COUNTERS_OF_ONES = {
  bytesTransmitted: UINT32_MAX,
  bytesReceived: UINT32_MAX,
  framesTransmitted: UINT32_MAX,
  framesReceived: UINT32_MAX,
  errors: {
    crc: UINT32_MAX,
    timeout: UINT32_MAX,
    alignment: UINT32_MAX,
    hardwareOverrun: UINT32_MAX,
    framing: UINT32_MAX,
    bufferOverrun: UINT32_MAX,
  },
  compressionRatioIn: UINT32_MAX,
  compressionRatioOut: UINT32_MAX,
} as const satisfies Port;
