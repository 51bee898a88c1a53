const FULL = 13;

/** Whether SQLite found no room on the disk, or in the size that its file may have. */
export function isFull(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === FULL;
}
