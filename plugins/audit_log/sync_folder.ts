import { dirname } from "node:path";

/**
 * Makes a new or renamed name in a file's folder outlive a loss of power, where the system lets a
 * program do that: Linux and macOS do; Windows writes such changes by itself and does not open
 * folders, which is why a failure is passed over.
 */
export async function syncFolder(file: string): Promise<void> {
  try {
    using folder = await Deno.open(dirname(file));
    await folder.sync();
  } catch {
    // The file's own data is synced elsewhere, and that does fail when it cannot be done.
  }
}
