import { openForAppend } from "./open_for_append.ts";
import { syncFolder } from "./sync_folder.ts";

const NEWLINE = "\n".charCodeAt(0);

/** What was found while appending. */
export interface Appended {
  /** The last line before had no end; this one was put on a line of its own. */
  mendedTornLine: boolean;
}

async function endsTorn(file: Deno.FsFile): Promise<boolean> {
  const last = new Uint8Array(1);
  await file.seek(-1, Deno.SeekMode.End);
  return await file.read(last) === 1 && last[0] !== NEWLINE;
}

async function writeWhole(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

/**
 * Appends one line to a file and returns when it is on the disk. The file and its folder are made
 * when they are missing. The file is opened anew each time: a file that somebody moved away or
 * deleted is followed by a new one, and nothing keeps it locked in between.
 *
 * @param line UTF-8 with its newline at the end.
 * @throws What the file system says; the part of the line that was written is taken back then.
 */
export async function appendLine(file: string, line: Uint8Array): Promise<Appended> {
  using open = await openForAppend(file);
  const { size } = await open.stat();
  const mendedTornLine = size > 0 && await endsTorn(open);
  const bytes = mendedTornLine ? new Uint8Array([NEWLINE, ...line]) : line;
  try {
    await writeWhole(open, bytes);
    await open.sync();
  } catch (error) {
    // Best effort: when it fails, the next line finds the torn one and starts a new line.
    await open.truncate(size).catch(() => {});
    throw error;
  }
  if (size === 0) await syncFolder(file);
  return { mendedTornLine };
}
