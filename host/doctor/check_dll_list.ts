import { win32 } from "node:path";
import type { RightsFacts } from "../windows/rights_facts.ts";
import type { Finding } from "./finding.ts";
import { RAS_EXPORTS } from "../install/ras_exports.ts";

/** One entry of RAS's list. */
export interface ListedDll {
  /** As it stands there, without the blanks around it. */
  readonly entry: string;
  /** Whether it is the installed library. */
  readonly isOurs: boolean;
  readonly exists: boolean;
  /** What its file says, undefined when it is no DLL or not there. */
  readonly dll: { readonly architecture: string; readonly exports: readonly string[] } | undefined;
  /** Who may change the file or its folder, undefined when that is not known. */
  readonly rights: RightsFacts | undefined;
}

/** RAS's list of administration DLLs. */
export interface DllListFacts {
  /** Whether there is a list at all. */
  readonly isThere: boolean;
  /** What is wrong with the value itself. */
  readonly problem: string | undefined;
  readonly dlls: readonly ListedDll[];
}

/** What RAS wants of every DLL, whoever it is from; the pairs differ. */
const COMMON_EXPORTS = RAS_EXPORTS.slice(1, 4);
const ADDRESS_EXPORT = /^MprAdmin(?:Get|Release)Ip/;
const STOPS = "RRAS does not start with it";

/** Why RAS cannot load an entry. */
function whyNot({ entry, isOurs, exists, dll }: ListedDll): string | undefined {
  if (entry === "") return "an empty entry";
  if (!exists) return `${entry} is not there (error 2 or 126)`;
  if (dll === undefined) return `${entry} is no DLL (error 193)`;
  if (dll.architecture !== "x64") return `${entry} is for ${dll.architecture} (error 193)`;
  const hasStart = dll.exports.some((name) => /^MprAdminInitializeDll(?:Ex)?$/.test(name));
  const wanted = isOurs ? RAS_EXPORTS : COMMON_EXPORTS;
  const missing = wanted.filter((name) => !dll.exports.includes(name));
  if (!hasStart && !missing.includes(RAS_EXPORTS[0])) missing.unshift(RAS_EXPORTS[0]);
  return missing.length === 0 ? undefined : `${entry} has no ${missing.join(", ")} (error 127)`;
}

function orderFinding(dlls: readonly ListedDll[]): Finding {
  const check = "dll-order";
  const places = dlls.flatMap(({ isOurs }, index) => isOurs ? [index] : []);
  const [place] = places;
  if (place === undefined) {
    return {
      check,
      severity: "error",
      found: "our DLL is not in DLLPath",
      matters: "RRAS does not load it, so no event comes",
      remedy: "deno task install",
    };
  }
  if (places.length > 1) {
    return {
      check,
      severity: "error",
      found: `our DLL is in DLLPath ${places.length} times`,
      matters: "each event would be written as often",
      remedy: "take the others out of DLLPath, and restart RRAS",
    };
  }
  const names = dlls.map(({ entry, isOurs }) => isOurs ? "ours" : win32.basename(entry));
  return {
    check,
    severity: "fine",
    found: `ours is ${place + 1} of ${dlls.length}: ${names.join(", ")}`,
    matters: "RRAS calls them in this order; ours decides nothing and waits for nobody",
  };
}

/** Says what is true of RAS's list: whether RRAS can start with it, and whether we are in it. */
export function checkDllList({ isThere, problem, dlls }: DllListFacts): Finding[] {
  if (!isThere || problem !== undefined) {
    return [{
      check: "dll-list",
      severity: "error",
      found: problem === undefined ? "there is no DLLPath" : `DLLPath is ${problem}`,
      matters: "RRAS loads no administration DLL, so no event comes",
      remedy: problem === undefined ? "deno task install" : "mend it by hand: a REG_SZ of paths",
    }];
  }
  const broken = dlls.flatMap((dll) => {
    const why = whyNot(dll);
    return why === undefined ? [] : [
      {
        check: "dll-list",
        severity: "error",
        found: why,
        matters: STOPS,
        remedy: dll.isOurs
          ? "deno task install"
          : "take it out of DLLPath, or mend it; it is another program's entry",
      } as const,
    ];
  });
  const open = dlls.flatMap(({ entry, rights }): Finding[] =>
    rights === undefined || (rights.writers.length === 0 && rights.foreignOwner === undefined)
      ? []
      : [{
        check: "dll-rights",
        severity: "error",
        found: `${entry} can be changed by ${[...rights.writers, rights.foreignOwner].join(" ")}`
          .trimEnd(),
        matters: "RRAS runs it as SYSTEM, so they can become SYSTEM",
        remedy: "let only administrators write to the file and its folder",
      }]
  );
  const addresses = dlls.filter(({ dll }) =>
    dll?.exports.some((name) => ADDRESS_EXPORT.test(name))
  );
  const notes = addresses.map(({ entry }): Finding => ({
    check: "dll-addresses",
    severity: "note",
    found: `${entry} gives out addresses`,
    matters: "the first DLL of the list that does so is the only one asked; ours never does",
  }));
  const fine: Finding = {
    check: "dll-list",
    severity: "fine",
    found: `${dlls.length} DLLs, all x64 with what RAS wants`,
    matters: "RRAS can start with them",
  };
  return [...broken.length === 0 ? [fine] : broken, orderFinding(dlls), ...open, ...notes];
}
