import { fileRights } from "../windows/file_rights.ts";
import { type RightsFacts, rightsFacts } from "../windows/rights_facts.ts";

/** Nothing when it is not there or may not be looked at. */
export function rightsOf(path: string): RightsFacts | undefined {
  try {
    Deno.statSync(path);
    return rightsFacts(fileRights.read(path), fileRights.ownSid());
  } catch {
    return undefined;
  }
}
