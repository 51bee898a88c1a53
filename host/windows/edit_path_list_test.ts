import { assertEquals } from "@std/assert";
import { editPathList } from "./edit_path_list.ts";
import { isSameWindowsPath } from "./is_same_windows_path.ts";
import { pathListEntries } from "./path_list_entries.ts";
import fc from "fast-check";

const OURS = "C:\\Program Files\\Onhook\\onhook.dll";
const isOurs = (entry: string): boolean => isSameWindowsPath(entry, OURS);

const blanks = fc.stringMatching(/^[ \t]{0,3}$/);
/** Entries of others: any units but the separator, not only blanks, not ours. */
const foreign = fc.tuple(blanks, fc.string({ minLength: 1, unit: "grapheme" }), blanks)
  .map(([before, name, after]) => `${before}C:\\${name.replaceAll(/[;\0]/g, "_")}.dll${after}`);
const foreignList = fc.tuple(
  fc.array(foreign, { maxLength: 5 }),
  fc.stringMatching(/^(?:[ \t]{0,2};[ \t]{0,2}){0,2}$/),
).map(([entries, end]) => entries.length === 0 ? "" : entries.join(";") + end);
const upperOrLower = (text: string, upper: boolean): string =>
  upper ? text.toUpperCase() : text.toLowerCase();

Deno.test("editPathList.append() and editPathList.remove() leave every byte of others as it was", () => {
  fc.assert(fc.property(foreignList, fc.boolean(), (list, upper) => {
    const installed = editPathList.append(list, upperOrLower(OURS, upper));
    assertEquals(pathListEntries(installed).filter(isOurs).length, 1);
    assertEquals(editPathList.remove(installed, isOurs), list);
  }));
});

Deno.test("editPathList.remove() leaves others as they are when somebody has changed the order", () => {
  const seeded = fc.tuple(fc.array(foreign, { maxLength: 5 }), fc.nat());
  fc.assert(fc.property(seeded, ([entries, seed]) => {
    const ours = editPathList.append(entries.join(";"), OURS).split(";").find((it) => isOurs(it));
    const reordered = [...entries.map((entry) => entry), ours!];
    for (let at = reordered.length - 1; at > 0; at--) {
      const other = (seed * (at + 7)) % (at + 1);
      [reordered[at], reordered[other]] = [reordered[other]!, reordered[at]!];
    }
    const rest = editPathList.remove(reordered.join(";"), isOurs);
    assertEquals(rest, reordered.filter((entry) => entry !== ours).join(";"));
  }));
});

Deno.test("editPathList.append() puts no blank around the new entry when others have some", () => {
  const table: [string, string][] = [
    ["", "N"],
    ["  ", "N"],
    ["a", "a;N"],
    ["a; b", "a; b;N"],
    ["a;", "a;N;"],
    ["a ; ", "a ;N; "],
  ];
  for (const [before, after] of table) assertEquals(editPathList.append(before, "N"), after);
});

Deno.test("editPathList.insert() keeps the spacing of the others", () => {
  assertEquals(editPathList.insert("", 0, "n"), "n");
  assertEquals(editPathList.insert(" a ; b", 0, "n"), "n; a ; b");
  assertEquals(editPathList.insert(" a ; b", 1, "n"), " a ;n; b");
  assertEquals(editPathList.insert(" a ; b", 2, "n"), " a ; b;n");
});

Deno.test("pathListEntries() shows empty entries and drops blanks", () => {
  assertEquals(pathListEntries(" \t"), []);
  assertEquals(pathListEntries(" a;\tb b ;; "), ["a", "b b", "", ""]);
});

Deno.test("isSameWindowsPath() does not look at case, kinds of slashes or doubled ones", () => {
  assertEquals(isSameWindowsPath("C:\\A\\b.DLL", "c:/a//B.dll"), true);
  assertEquals(isSameWindowsPath("\\\\server\\a", "\\server\\a"), false);
  assertEquals(isSameWindowsPath("C:\\a", "C:\\a.dll"), false);
});
