import type { Problem } from "../internal/errors.ts";
import { RAS_EXPORTS } from "./ras_exports.ts";
import type { DllFacts } from "./install_state.ts";

/**
 * What keeps RAS from starting with our DLL.
 *
 * @param path Where the DLL is, for the problems.
 * @param dll What its file says; undefined when it is no DLL.
 */
export function dllProblems(path: string, dll: DllFacts | undefined): Problem[] {
  const problem = (found: string, wanted: string): Problem => ({
    source: "library",
    place: path,
    found,
    wanted,
  });
  if (dll === undefined) return [problem("no DLL", "onhook.dll; deno task build:windows makes it")];
  const problems: Problem[] = [];
  if (dll.architecture !== "x64") {
    problems.push(problem(`a DLL for ${dll.architecture}`, "one for x64, as RRAS is"));
  }
  const missing = RAS_EXPORTS.filter((name) => !dll.exports.includes(name));
  if (missing.length > 0) {
    problems.push(problem(`no ${missing.join(", ")}`, "all seven functions that RAS calls"));
  }
  return problems;
}
