import { readJournalHeader } from "./ffi/journal_header.ts";
import type { Clock } from "./internal/clock.ts";
import { askHost } from "./store/ask_host.ts";

const LOOK_EVERY_MS = 100;

/** How a request to stop ended. */
export type StopOutcome = "notRunning" | "stopped" | "stillRunning";

async function readerOf(journalPath: string): Promise<number> {
  try {
    return (await readJournalHeader(journalPath))?.readerPid ?? 0;
  } catch {
    return 0;
  }
}

/**
 * Asks the running host to stop and waits for it: what its plugins have in hand is finished.
 *
 * @param limitMs How long to wait, in milliseconds. The host looks once a second.
 * @throws {StoreError} When there is a host and its store cannot be written.
 */
export async function stopHost(
  { journalPath, stateFolder }: { journalPath: string; stateFolder: string },
  limitMs: number,
  clock: Clock,
): Promise<StopOutcome> {
  if (await readerOf(journalPath) === 0) return "notRunning";
  askHost(stateFolder, "stop", "");
  const untilMs = clock.monotonic() + limitMs;
  while (await readerOf(journalPath) !== 0) {
    // One that was killed never takes its number away.
    if (clock.monotonic() >= untilMs) return "stillRunning";
    await new Promise<void>((resolve) => clock.startTimer(LOOK_EVERY_MS, resolve));
  }
  return "stopped";
}
