import type { RightsFacts } from "../windows/rights_facts.ts";
import type { Finding } from "./finding.ts";

/** Something whose rights matter. */
export interface GuardedPath {
  readonly path: string;
  /** What it is for, such as `the journal`. */
  readonly what: string;
  readonly rights: RightsFacts;
}

/**
 * Says who else may change what RRAS and the host rely on.
 *
 * @param account The host's own account, as it is named in rights; it may write the journal.
 */
export function checkRights(paths: readonly GuardedPath[], account: string): Finding[] {
  const check = "rights";
  const open = paths.flatMap(({ path, what, rights }): Finding[] => {
    const writers = rights.writers.filter((writer) => writer !== account);
    const owner = rights.foreignOwner === account ? undefined : rights.foreignOwner;
    if (writers.length === 0 && owner === undefined) return [];
    const who = [
      ...writers.length > 0 ? [`can be changed by ${writers.join(", ")}`] : [],
      ...owner === undefined ? [] : [`belongs to ${owner}`],
    ];
    return [{
      check,
      severity: "error",
      found: `${what} ${path} ${who.join(" and ")}`,
      matters: "they can forge or hide events, or run code as SYSTEM or as the host",
      remedy: "deno task install sets the rights of the journal's folder; take them away elsewhere",
    }];
  });
  if (open.length > 0 || paths.length === 0) return open;
  const found = `only administrators and ${account} can change ${
    paths.map(({ what }) => what).join(", ")
  }`;
  return [{ check, severity: "fine", found, matters: "nobody can forge events" }];
}
