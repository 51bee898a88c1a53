import { isSameWindowsPath } from "../windows/is_same_windows_path.ts";

/** Whether an entry of the list is a DLL, as far as its text tells. */
export function isDllEntry(dll: string): (entry: string) => boolean {
  return (entry) => isSameWindowsPath(entry.replace(/^"(.*)"$/, "$1"), dll);
}
