import { NativeError } from "../internal/errors.ts";

const MAGIC = "ONHOOKJ\x1a";

/**
 * Refuses a path at which a file stands that is no journal. The library itself would set such a file
 * aside and go on, as it has to inside of the service; here a person may have mistyped a path.
 *
 * @throws {NativeError} When the file is there, is not empty and does not begin as a journal does.
 */
export async function requireNoStranger(journalPath: string): Promise<void> {
  const begin = new Uint8Array(MAGIC.length);
  try {
    using file = await Deno.open(journalPath);
    if (await file.read(begin) === null) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw refused(journalPath, `it cannot be read (${reason})`);
  }
  if (new TextDecoder("latin1").decode(begin) !== MAGIC) {
    throw refused(journalPath, "the file that stands there does not begin as a journal does");
  }
}

function refused(journalPath: string, what: string): NativeError {
  return new NativeError(
    `Cannot use the journal ${journalPath}: ${what}, a journal or no file is wanted; ` +
      "name another path with --journal",
    { code: -3, symbol: "ONHOOK_UNKNOWN_FORMAT", systemCode: 0, processId: 0 },
  );
}
