const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const WORDS = /database disk image is malformed|file is not a database/;

/**
 * Whether an error says that the database itself is damaged, so that trying again is of no use.
 *
 * @param error What SQLite or the store has thrown; its causes are looked at too.
 */
export function isDamaged(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode } = error as { errcode?: number };
  // A call that takes several statements gives words and no number.
  const isSo = errcode === undefined
    ? WORDS.test(error.message)
    : [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff);
  return isSo || isDamaged(error.cause);
}
