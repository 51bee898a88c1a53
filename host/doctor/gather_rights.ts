import { win32 } from "node:path";
import type { InstallLayout } from "../install/install_layout.ts";
import { rightsOf } from "./_rights_of.ts";
import type { GuardedPath } from "./check_rights.ts";

/** What RRAS and the host rely on, as far as it is there. */
export function gatherRights(
  layout: InstallLayout,
  journalPath: string,
  stateFolder: string,
): GuardedPath[] {
  const paths: [path: string, what: string][] = [
    [layout.places.programFolder, "the program's folder"],
    [win32.dirname(journalPath), "the journal's folder"],
    [journalPath, "the journal"],
    [stateFolder, "the state folder"],
  ];
  return paths.filter(([path], index) => paths.findIndex(([other]) => other === path) === index)
    .flatMap(([path, what]) => {
      const rights = rightsOf(path);
      return rights === undefined ? [] : [{ path, what, rights }];
    });
}
