/** What stands at the beginning of a journal. */
export interface JournalHeader {
  /** Size of the ring in bytes. */
  readonly capacityBytes: number;
  /** Everything before it has been taken out, in bytes since the journal was made. */
  readonly headPosition: bigint;
  /** Bytes that wait for the host. */
  readonly waitingBytes: number;
  /** Events counted instead of written, since the journal was made. */
  readonly lostTotal: number;
  /** Of these, those that the host has been told of. */
  readonly lostAcknowledged: number;
  /** The process that reads it, 0 when it has closed it; one that was killed still stands here. */
  readonly readerPid: number;
  /** The process that has opened it for writing last. */
  readonly writerPid: number;
  /** How often the service has started. */
  readonly serviceStarts: number;
  /** When it did so last, in milliseconds since 1970 UTC; 0 for never. */
  readonly lastServiceStartMs: number;
  /** The first 64 KiB of the file, where all of this stands. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes before the ring. */
const HEADER_BYTES = 65_536;
const MAGIC = "4f4e484f4f4b4a1a";
const VERSION = 2;

/**
 * Looks at a journal's header from outside: nothing is claimed, and nothing changed, so the host may
 * run meanwhile.
 *
 * Source: `host/native/include/journal.h`.
 *
 * @returns Undefined when the file is none, or one of another version.
 * @throws {Deno.errors.NotFound} And what else the system says of a file that cannot be read.
 */
export async function readJournalHeader(path: string): Promise<JournalHeader | undefined> {
  const bytes = new Uint8Array(HEADER_BYTES);
  using file = await Deno.open(path);
  for (let at = 0; at < bytes.length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return undefined;
    at += count;
  }
  const view = new DataView(bytes.buffer);
  if (bytes.subarray(0, 8).toHex() !== MAGIC || view.getUint32(8, true) !== VERSION) {
    return undefined;
  }
  const number = (at: number): number => Number(view.getBigUint64(at, true));
  return {
    capacityBytes: number(16),
    headPosition: view.getBigUint64(4224, true),
    waitingBytes: Math.max(number(4096) - number(4224), 0),
    lostTotal: number(4480),
    lostAcknowledged: number(4608),
    readerPid: view.getUint32(4736, true),
    writerPid: view.getUint32(4740, true),
    serviceStarts: number(4744),
    lastServiceStartMs: Number(view.getBigInt64(4752, true) / 1000n),
    bytes,
  };
}
