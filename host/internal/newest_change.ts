/**
 * @param files Paths; one that is not there counts as never changed.
 * @returns When one of them changed last, in milliseconds since 1970 UTC, 0 for none.
 */
export async function newestChange(files: readonly string[]): Promise<number> {
  const times = await Promise.all(files.map(async (file) => {
    const { mtime } = await Deno.stat(file).catch(() => ({ mtime: null }));
    return mtime?.getTime() ?? 0;
  }));
  return Math.max(0, ...times);
}
