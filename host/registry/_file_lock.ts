import { basename, dirname, join } from "@std/path";
import type { Clock } from "../internal/clock.ts";

const POLL_MS = 20;

async function isStillThere(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [named, held] = await Promise.all([Deno.stat(path), file.stat()]);
    return named.ino === held.ino && named.dev === held.dev;
  } catch {
    return false;
  }
}

/**
 * Runs something while no other process does so for the same file. The lock is one of the
 * operating system on a file beside it, so it ends with its process, however that ends.
 *
 * @param path The file that the lock is for; it is not opened.
 * @param waitMs How long to wait for another holder, in milliseconds.
 * @param run What to do under the lock.
 * @returns What `run` returned, or undefined when the lock could not be had in time.
 */
export async function withFileLock<T>(
  path: string,
  waitMs: number,
  clock: Clock,
  run: () => Promise<T>,
): Promise<T | undefined> {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  const until = clock.monotonic() + waitMs;
  for (;;) {
    const file = await Deno.open(lockPath, { read: true, write: true, create: true });
    try {
      // Whoever held the lock has removed the file: what is locked here may have no name any more.
      if (await file.tryLock(true) && await isStillThere(lockPath, file)) {
        try {
          return await run();
        } finally {
          // Windows does not remove an open file; then it stays, which does no harm.
          await Deno.remove(lockPath).catch(() => {});
        }
      }
    } finally {
      file.close();
    }
    if (clock.monotonic() >= until) return undefined;
    await new Promise<void>((resolve) => clock.startTimer(POLL_MS, resolve));
  }
}
