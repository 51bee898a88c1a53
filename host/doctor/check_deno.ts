import type { Finding } from "./finding.ts";

/** The version that everything is tested with. */
const TESTED = "2.9.5";

/** @param version Such as `2.9.5`. */
export function checkDeno(version: string): Finding {
  const check = "deno-version";
  const [major, minor] = version.split(".").map(Number);
  const found = `Deno ${version}`;
  if (version === TESTED) {
    return { check, severity: "fine", found, matters: "it is the tested one" };
  }
  const isNear = major === 2 && minor === 9;
  return {
    check,
    severity: isNear ? "note" : "warning",
    found,
    matters: `plugins are walled in by Deno; that is tested with ${TESTED}`,
    remedy: `use npx -y deno@${TESTED} task …`,
  };
}
