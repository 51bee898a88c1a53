import * as z from "zod";

const lockSchema = z.object({ specifiers: z.record(z.string(), z.string()) });

/** A lock file of Deno's, whose packages plugins may import. */
export interface LockFile {
  /** Absolute path. */
  readonly path: string;
  /** The packages that it names, such as `npm:zod@4.6.7`. */
  readonly packages: ReadonlySet<string>;
}

/**
 * Reads which packages a lock file names: none when it cannot be read or understood. Deno itself
 * says what is wrong with it, when the host starts.
 */
export async function readLockFile(path: string): Promise<LockFile> {
  try {
    const { specifiers } = lockSchema.parse(JSON.parse(await Deno.readTextFile(path)));
    return { path, packages: new Set(Object.keys(specifiers)) };
  } catch {
    return { path, packages: new Set() };
  }
}

/**
 * Says by which lock file a process can load these packages.
 *
 * @param packages As {@linkcode ModuleGraph.packages} names them.
 * @returns Its path; `undefined` when there is a package that it does not name, because a frozen
 * lock file then refuses them all, and when there is none at all.
 */
export function lockPathFor(packages: readonly string[], lock: LockFile): string | undefined {
  const isLocked = packages.length > 0 && packages.every((name) => lock.packages.has(name));
  return isLocked ? lock.path : undefined;
}
