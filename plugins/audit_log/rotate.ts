import { rotationSteps } from "./rotation_steps.ts";
import { syncFolder } from "./sync_folder.ts";

async function exists(file: string): Promise<boolean> {
  try {
    await Deno.lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Renames the current file to `<file>.1` after making room for it. Each step is one rename, so a
 * file is always whole under one of the names, wherever a crash or an error stops it.
 *
 * @param keepFiles How many old files are kept.
 * @throws What the file system says; the next call carries on from there.
 */
export async function rotate(file: string, keepFiles: number): Promise<void> {
  const taken = new Set<number>();
  for (let number = 1; number <= keepFiles; number++) {
    if (await exists(`${file}.${number}`)) taken.add(number);
  }
  const name = (number: number) => number === 0 ? file : `${file}.${number}`;
  for (const { from, to } of rotationSteps(taken, keepFiles)) {
    await Deno.rename(name(from), name(to));
  }
  await syncFolder(file);
}
