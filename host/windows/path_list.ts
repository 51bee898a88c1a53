const BLANKS = /^[ \t]+|[ \t]+$/g;
const OUTER_SEPARATORS = /[; \t]*$/;

/**
 * The entries of a list as RAS keeps it in `DLLPath`: separated by `;`, blanks around an entry are
 * not part of it. An entry may be empty; a text of nothing but blanks has no entry.
 */
export function pathListEntries(text: string): string[] {
  if (text.replaceAll(BLANKS, "") === "") return [];
  return text.split(";").map((segment) => segment.replaceAll(BLANKS, ""));
}

/** Whether two paths name the same file, as far as their texts tell: without regard to case. */
export function isSameWindowsPath(left: string, right: string): boolean {
  const plain = (path: string): string =>
    path.replaceAll("/", "\\").replaceAll(/(?<=.)\\{2,}/g, "\\").toUpperCase();
  return plain(left) === plain(right);
}

/**
 * Puts an entry behind the last one. Every character of the others stays, separators behind the
 * last one included; without any entry before, the new one stands alone.
 */
export function appendToPathList(text: string, entry: string): string {
  const head = text.replace(OUTER_SEPARATORS, "");
  if (head.replaceAll(/[; \t]/g, "") === "") return entry;
  // Blanks right behind the last entry are its own.
  const blanks = /^[ \t]*/.exec(text.slice(head.length))?.[0] ?? "";
  const at = head.length + blanks.length;
  return `${text.slice(0, at)};${entry}${text.slice(at)}`;
}

/** Puts an entry before the one at an index, or behind the last one. */
export function insertIntoPathList(text: string, index: number, entry: string): string {
  if (pathListEntries(text).length === 0) return entry;
  return text.split(";").toSpliced(index, 0, entry).join(";");
}

/** Takes the entries out that `isMeant` names; every other character stays, but one `;` for each. */
export function removeFromPathList(text: string, isMeant: (entry: string) => boolean): string {
  if (pathListEntries(text).length === 0) return text;
  return text.split(";").filter((segment) => !isMeant(segment.replaceAll(BLANKS, ""))).join(";");
}
