import * as z from "zod";

const UINT32_MAX = 0xffff_ffff;

export const uint32 = z.int().min(0).max(UINT32_MAX);
export const handle = z.string().regex(/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/);
export const time = z.iso.datetime({ precision: 6 });
export const unknownNumber = z.templateLiteral([
  "unknown(",
  z.string().regex(/^(?:0|[1-9][0-9]{0,9})$/),
  ")",
]);

export const errors = z.object({
  crc: uint32,
  timeout: uint32,
  alignment: uint32,
  hardwareOverrun: uint32,
  framing: uint32,
  bufferOverrun: uint32,
});

/** Texts come from fixed arrays, so they have the arrays' lengths as their limits. */
export function text(unitsMax: number): z.ZodExactOptional<z.ZodString> {
  return z.string().max(unitsMax).exactOptional();
}
