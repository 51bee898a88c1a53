import { join } from "@std/path";
import { walkEntries } from "../events/walk_entries.ts";
import { type JournalHeader, readJournalHeader } from "../ffi/journal_header.ts";
import { JournalReader } from "../ffi/journal_reader.ts";
import { ProcessStatistics } from "../ffi/process_statistics.ts";
import type { Clock } from "../internal/clock.ts";
import { NativeError, StoreError } from "../internal/errors.ts";
import { ReadStore } from "../store/read_store.ts";
import type { CalloutCost, JournalFacts, JournalState } from "./check_journal.ts";

/** Where the host's things are. */
export interface JournalPlaces {
  readonly journalPath: string;
  readonly stateFolder: string;
  /** The native library, undefined when it cannot be loaded. */
  readonly libraryPath: string | undefined;
  /** The journal that the library writes, when the Windows registry names one. */
  readonly installedPath: string | undefined;
}

/** Between the two looks at the journal: the host looks at it at least once a second. */
const LOOK_AGAIN_MS = 1500;

const GAP = 32;
const TIME_AT = 16;
const BOOT_AT = 24;
const TYPE_AT = 36;

/** Ring and what is behind it; the file is exactly so much larger than its ring. */
const FRAME_BYTES = 69_632;

/**
 * What the callouts cost. The library keeps it in ticks of the processor, which only itself can turn
 * into nanoseconds, and it reads only journals that nobody else reads: so it is given a copy of the
 * first 64 KiB, with an empty ring behind.
 */
async function calloutCost(
  { bytes, capacityBytes }: JournalHeader,
  libraryPath: string,
): Promise<CalloutCost | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-doctor-" });
  try {
    const path = join(folder, "copy.journal");
    await Deno.writeFile(path, bytes);
    await Deno.truncate(path, FRAME_BYTES + capacityBytes);
    await using reader = JournalReader.open(path, { libraryPath });
    return reader.statistics().callouts;
  } catch (error) {
    if (error instanceof NativeError) return undefined;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The newest event of a service in the store. */
function newestStored(stateFolder: string): JournalState["newestStored"] {
  let store: ReadStore;
  try {
    store = ReadStore.open(stateFolder);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
  try {
    for (const { bytes } of store.segmentsUpTo(Number.MAX_SAFE_INTEGER, 1024 * 1024)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const last = [...walkEntries(bytes)].findLast(({ offset }) =>
        view.getUint16(offset + TYPE_AT, true) !== GAP
      );
      if (last === undefined) continue;
      return {
        timeMs: Number(view.getBigInt64(last.offset + TIME_AT, true) / 1000n),
        boot: view.getBigUint64(last.offset + BOOT_AT, true).toString(16).padStart(16, "0"),
      };
    }
    return undefined;
  } finally {
    store.close();
  }
}

function isRunning(pid: number, libraryPath: string | undefined): boolean {
  // Without the library nobody can be asked; then what the journal says has to do.
  if (pid === 0 || libraryPath === undefined) return pid !== 0;
  using statistics = ProcessStatistics.open(libraryPath);
  try {
    return statistics.read(pid) !== undefined;
  } catch (error) {
    // One that may not be looked at is there.
    if (error instanceof NativeError) return true;
    throw error;
  }
}

/** Looks at the journal and at the store, and changes neither. */
export async function gatherJournal(places: JournalPlaces, clock: Clock): Promise<JournalFacts> {
  const { journalPath: path, stateFolder, libraryPath, installedPath } = places;
  const facts = { path, installedPath };
  let before: JournalHeader | undefined;
  try {
    before = await readJournalHeader(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { ...facts, journal: undefined };
    const problem = error instanceof Error ? error.message : String(error);
    return { ...facts, journal: undefined, problem };
  }
  if (before === undefined) {
    return { ...facts, journal: undefined, problem: "it is no journal of this version" };
  }
  if (before.waitingBytes > 0) {
    await new Promise<void>((resolve) => clock.startTimer(LOOK_AGAIN_MS, resolve));
  }
  const header = await readJournalHeader(path) ?? before;
  const journal: JournalState = {
    ...header,
    waitingBytesBefore: before.waitingBytes,
    hasMoved: header.headPosition !== before.headPosition,
    isReaderRunning: isRunning(header.readerPid, libraryPath),
    isWriterRunning: isRunning(header.writerPid, libraryPath),
    newestStored: newestStored(stateFolder),
    callouts: libraryPath === undefined ? undefined : await calloutCost(header, libraryPath),
  };
  return { ...facts, journal };
}
