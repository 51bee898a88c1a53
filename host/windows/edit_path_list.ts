import { pathListEntries } from "./path_list_entries.ts";

const BLANKS = /^[ \t]+|[ \t]+$/g;
const OUTER_SEPARATORS = /[; \t]*$/;

/** Changes of a list as RAS keeps it in `DLLPath`, that leave every other character as it is. */
export const editPathList = {
  /**
   * Puts an entry behind the last one. Every character of the others stays, separators behind the
   * last one included; without any entry before, the new one stands alone.
   */
  append(text: string, entry: string): string {
    const head = text.replace(OUTER_SEPARATORS, "");
    if (head.replaceAll(/[; \t]/g, "") === "") return entry;
    // Blanks right behind the last entry are its own.
    const blanks = /^[ \t]*/.exec(text.slice(head.length))?.[0] ?? "";
    const at = head.length + blanks.length;
    return `${text.slice(0, at)};${entry}${text.slice(at)}`;
  },

  /** Puts an entry before the one at an index, or behind the last one. */
  insert(text: string, index: number, entry: string): string {
    if (pathListEntries(text).length === 0) return entry;
    return text.split(";").toSpliced(index, 0, entry).join(";");
  },

  /** Takes the entries out that `isMeant` names; every other character stays, but one `;` for each. */
  remove(text: string, isMeant: (entry: string) => boolean): string {
    if (pathListEntries(text).length === 0) return text;
    return text.split(";").filter((segment) => !isMeant(segment.replaceAll(BLANKS, ""))).join(";");
  },
} as const;
