import fc from "fast-check";

const UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 0xffff_ffff_ffff_ffffn;

export const uint32 = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: UINT32_MAX }));
export const counter = fc.maxSafeNat();
export const uint64 = fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(0n, UINT64_MAX));
export const hex16 = uint64.map((value) => value.toString(16).padStart(16, "0"));
export const handle = uint64.map((value) => `0x${value.toString(16)}`);
export const time = fc.tuple(
  fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  }),
  fc.integer({ min: 0, max: 999 }),
).map(([date, micros]) => `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, "0")}Z`);

/** The name of a number, known or not. */
export function named<const Name extends string>(
  names: readonly Name[],
): fc.Arbitrary<Name | `unknown(${string})`> {
  return fc.oneof(
    fc.constantFrom(...names),
    fc.integer({ min: names.length, max: UINT32_MAX }).map((n) => `unknown(${n})` as const),
  );
}

/** A text such as a decoder gives it. */
export function text(unitsMax: number): fc.Arbitrary<string> {
  const units = fc.oneof(
    fc.string({ unit: "grapheme-ascii", maxLength: unitsMax }),
    fc.string({ unit: "binary", maxLength: unitsMax }),
  );
  return units.map((value) => value.slice(0, unitsMax).toWellFormed());
}

const errors = fc.record({
  crc: uint32,
  timeout: uint32,
  alignment: uint32,
  hardwareOverrun: uint32,
  framing: uint32,
  bufferOverrun: uint32,
});

/** What ports and connections count in the same way. */
export const counters = {
  bytesTransmitted: uint32,
  bytesReceived: uint32,
  framesTransmitted: uint32,
  framesReceived: uint32,
  errors,
  compressionRatioIn: uint32,
  compressionRatioOut: uint32,
};

/** The names of the bits of any 32-bit number. */
export function bitsOf<const Name extends string>(
  nameOf: (bit: number) => Name | undefined,
): fc.Arbitrary<(Name | `unknown(${string})`)[]> {
  return uint32.map((mask) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => (mask >>> bit) & 1)
      .map((bit) => nameOf(bit) ?? (`unknown(${2 ** bit})` as const))
  );
}
