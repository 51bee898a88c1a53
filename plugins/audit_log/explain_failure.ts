const FULL_CODES = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows. */
const FULL_REGEXP = /\(os error (?:39|112)\)/;

function remedyFor(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return 'grant "read" and "write" for its folder under "permissions" in the registry';
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "let the account that the host runs as write to the file and its folder";
  }
  const { code = "", message = "" } = error as { code?: string; message?: string };
  if (FULL_CODES.has(code) || (Deno.build.os === "windows" && FULL_REGEXP.test(message))) {
    return "make room on the disk";
  }
  return 'check "file" in its config';
}

/**
 * Runs work on the file system; what it throws becomes an error as an administrator wants it: the
 * file, the reason, what to do.
 *
 * @param action What the work does, such as `write the audit log`.
 * @param file The file as the configuration names it.
 * @throws {Error} `Cannot <action> "<file>": <reason>; <remedy>`, with the original as `cause`.
 */
export async function explainFailure<Result>(
  action: string,
  file: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot ${action} ${JSON.stringify(file)}: ${reason}; ${remedyFor(cause)}`,
      { cause },
    );
  }
}
