import { dirname, join, resolve, SEPARATOR } from "@std/path";

/** Files and folders that are looked at; a granted folder may hold any number. */
const ENTRIES_MAX = 10_000;

/** A symbolic link that leads out of what is granted. */
export interface LinkOut {
  readonly link: string;
  readonly target: string;
}

/** What was found. */
export interface LinkSearch {
  readonly found: LinkOut | undefined;
  /** Whether there was more than is looked at. */
  readonly isCut: boolean;
}

/**
 * Looks in granted folders for a symbolic link that leads out of them. Deno follows links wherever
 * they point, so each one would be a grant that stands nowhere.
 *
 * @param granted Absolute paths of files and folders; what is not there is left out. One that is a
 * link itself means what it points to.
 * @param entriesMax Files and folders that are looked at.
 */
export async function findLinkOut(
  granted: readonly string[],
  entriesMax: number = ENTRIES_MAX,
): Promise<LinkSearch> {
  const roots = (await Promise.all(granted.map(realPath))).filter((root) => root !== undefined);
  const isGranted = (path: string): boolean =>
    roots.some((root) => path === root || path.startsWith(withSeparator(root)));
  const folders: string[] = [];
  for (const root of roots) {
    if ((await orNothing(Deno.stat(root)))?.isDirectory) folders.push(root);
  }
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const { name, isSymlink, isDirectory } of entriesOf(folder)) {
      if (++entries > entriesMax) return { found: undefined, isCut: true };
      const path = join(folder, name);
      if (isDirectory) folders.push(path);
      if (!isSymlink) continue;
      const target = await targetOf(path);
      if (target !== undefined && !isGranted(target)) {
        return { found: { link: path, target }, isCut: false };
      }
    }
  }
  return { found: undefined, isCut: false };
}

const withSeparator = (path: string): string => path.endsWith(SEPARATOR) ? path : path + SEPARATOR;

/** Where a link leads; one that leads nowhere yet leads to where a file would be made through it. */
async function targetOf(link: string): Promise<string | undefined> {
  const real = await realPath(link);
  if (real !== undefined) return real;
  const named = await orNothing(Deno.readLink(link));
  if (named === undefined) return undefined;
  const path = resolve(dirname(link), named);
  const folder = await realPath(dirname(path));
  return folder === undefined ? path : join(folder, path.slice(dirname(path).length));
}

const realPath = (path: string): Promise<string | undefined> => orNothing(Deno.realPath(path));

async function* entriesOf(folder: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(folder);
  } catch (error) {
    // What has gone or may not be read by the host leads nowhere.
    if (!isAbsent(error)) throw error;
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.FilesystemLoop;
}
