/**
 * @param files Paths; one that is not there counts as never changed.
 * @returns When one of them changed last, in milliseconds since 1970 UTC, 0 for none.
 */
export async function newestChange(files: readonly string[]): Promise<number> {
  const times = await Promise.all(files.map(async (file) => {
    const { mtime, ctime } = await Deno.stat(file).catch(() => ({ mtime: null, ctime: null }));
    // A file that another one is moved or copied over may keep the older time of its content.
    return Math.max(mtime?.getTime() ?? 0, ctime?.getTime() ?? 0);
  }));
  return Math.max(0, ...times);
}
