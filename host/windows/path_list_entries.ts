const BLANKS = /^[ \t]+|[ \t]+$/g;

/**
 * The entries of a list as RAS keeps it in `DLLPath`: separated by `;`, blanks around an entry are
 * not part of it. An entry may be empty; a text of nothing but blanks has no entry.
 */
export function pathListEntries(text: string): string[] {
  if (text.replaceAll(BLANKS, "") === "") return [];
  return text.split(";").map((segment) => segment.replaceAll(BLANKS, ""));
}
