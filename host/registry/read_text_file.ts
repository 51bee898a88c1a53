import { InputError, type Problem } from "../internal/errors.ts";

/** How a text file is read. */
export interface ReadTextFileOptions {
  /** What cannot be done, such as `Cannot read the registry`. */
  readonly action: string;
  /** What to do when there is no such file. */
  readonly missing: string;
  /** Largest file that is read, in bytes. */
  readonly bytesMax: number;
}

function problemOf(path: string, found: string, wanted: string): Problem {
  return { source: path, place: "the file", found, wanted };
}

function problemOfSystem(path: string, error: Error, missing: string): Problem {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return problemOf(path, "no such file", missing);
  }
  if (error instanceof Deno.errors.NotCapable) {
    return problemOf(path, "no permission of Deno to read it", "--allow-read for this file");
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return problemOf(
      path,
      "a file that may not be read",
      "read access for the user of this process",
    );
  }
  return problemOf(path, `the system's error "${error.message}"`, "a file that can be read");
}

function requireFile(path: string, action: string, stat: Deno.FileInfo): void {
  if (stat.isFile) return;
  const found = stat.isDirectory ? "a folder" : "something that is no ordinary file";
  throw new InputError(action, [problemOf(path, found, "a file")]);
}

/** Reads to the end of a file, but not much more than a number of bytes. */
async function readUpTo(file: Deno.FsFile, bytesMax: number, size: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.max(size, 4096) + 1);
  let length = 0;
  while (length <= bytesMax) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
    if (length < bytes.byteLength) continue;
    const longer = new Uint8Array(length * 2);
    longer.set(bytes);
    bytes = longer;
  }
  return bytes.subarray(0, length);
}

/**
 * Reads a small UTF-8 text file that somebody named.
 *
 * @param path Path of the file.
 * @returns The text with its byte order mark, if it has one.
 * @throws {InputError} When the file is missing, unreadable, no file, too long or not UTF-8.
 */
export async function readTextFile(path: string, options: ReadTextFileOptions): Promise<string> {
  const { action, bytesMax } = options;
  const tooLong = (bytes: number): InputError =>
    new InputError(action, [problemOf(path, `${bytes} bytes`, `at most ${bytesMax} bytes`)]);
  let bytes: Uint8Array;
  try {
    // A pipe must not be opened, and what is looked at here may be another file when it is.
    requireFile(path, action, await Deno.stat(path));
    using file = await Deno.open(path);
    const stat = await file.stat();
    requireFile(path, action, stat);
    if (stat.size > bytesMax) throw tooLong(stat.size);
    bytes = await readUpTo(file, bytesMax, stat.size);
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error;
    throw new InputError(action, [problemOfSystem(path, error, options.missing)], { cause: error });
  }
  // The file may have grown meanwhile.
  if (bytes.byteLength > bytesMax) throw tooLong(bytes.byteLength);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new InputError(
      action,
      [problemOf(path, "bytes that are not UTF-8", "a UTF-8 text file")],
      {
        cause: error,
      },
    );
  }
}
