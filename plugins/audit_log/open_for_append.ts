import { dirname } from "node:path";

/**
 * Opens a file to read and append, and makes it and its folder when they are missing.
 *
 * @throws What the file system says.
 */
export async function openForAppend(file: string): Promise<Deno.FsFile> {
  const options = { append: true, create: true, read: true };
  try {
    return await Deno.open(file, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    await Deno.mkdir(dirname(file), { recursive: true });
    return await Deno.open(file, options);
  }
}
