import { join } from "@std/path";

/** What no program runs: declarations, source maps and papers. */
const NEVER_RUN = /\.(?:d\.[cm]?ts|map|md)$/;

/**
 * Copies what is new in a cache of npm packages. Several processes may do so at the same time: a
 * package appears at once and as a whole.
 *
 * @param from The cache, which is not changed.
 * @param to The copy; it keeps what `from` no longer has.
 */
export async function copyPackages(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (!isDirectory) {
      if (!await isSame(source, copy)) await inOneStep(copy, (path) => Deno.copyFile(source, path));
    } else if (!await exists(join(source, "package.json"))) await copyPackages(source, copy);
    else if (!await exists(copy)) await inOneStep(copy, (path) => copyFolder(source, path));
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  const jobs: Promise<void>[] = [];
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    if (isDirectory) jobs.push(copyFolder(source, copy));
    else if (!NEVER_RUN.test(name)) jobs.push(Deno.copyFile(source, copy));
  }
  await Promise.all(jobs);
}

/** Makes something beside its place, then moves it there. */
async function inOneStep(place: string, make: (path: string) => Promise<void>): Promise<void> {
  const path = `${place}.new-${crypto.randomUUID()}`;
  try {
    await make(path);
    await Deno.rename(path, place);
  } catch (error) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
    // Another process was faster.
    if (!await exists(place)) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function isSame(source: string, copy: string): Promise<boolean> {
  const [a, b] = await Promise.all([
    Deno.stat(source),
    Deno.stat(copy).catch(() => undefined),
  ]);
  return a.size === b?.size && (a.mtime?.getTime() ?? 0) <= (b.mtime?.getTime() ?? 0);
}
