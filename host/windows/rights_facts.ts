import type { SecurityDescriptor } from "./security_descriptor.ts";

/** Who may be trusted with what runs as SYSTEM. */
const TRUSTED = new Set([
  "S-1-5-18", // SYSTEM
  "S-1-5-32-544", // Administrators
  "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", // TrustedInstaller
]);
/** Stand for the owner, who is looked at by himself. */
const OWNERS = new Set(["S-1-3-0", "S-1-3-4"]);

const NAMES: Readonly<Record<string, string>> = {
  "S-1-1-0": "Everyone",
  "S-1-5-4": "Interactive",
  "S-1-5-7": "Anonymous",
  "S-1-5-11": "Authenticated Users",
  "S-1-5-19": "LOCAL SERVICE",
  "S-1-5-20": "NETWORK SERVICE",
  "S-1-5-32-545": "Users",
  "S-1-5-32-546": "Guests",
  "S-1-5-32-547": "Power Users",
};

/** Writing, appending, removing what is in it or it, changing rights or the owner. */
const WRITING = 0x2 | 0x4 | 0x40 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x1000_0000 | 0x4000_0000;

/** Who may change something, as far as these are no administrators. */
export interface RightsFacts {
  /** Its owner as a SID, when that is nobody who may be trusted. */
  readonly foreignOwner: string | undefined;
  /** Others who may write there, as names or SIDs. */
  readonly writers: readonly string[];
}

/**
 * Says who else may change something.
 *
 * @param self The SID of who asks: an administrator who installs may be trusted.
 */
export function rightsFacts(
  { owner, allowed }: SecurityDescriptor,
  self: string | undefined,
): RightsFacts {
  const isTrusted = (sid: string): boolean => TRUSTED.has(sid) || sid === self;
  const writers = allowed === undefined ? ["S-1-1-0"] : allowed
    .filter(({ sid, mask }) => !isTrusted(sid) && !OWNERS.has(sid) && (mask & WRITING) !== 0)
    .map(({ sid }) => sid);
  return {
    foreignOwner: owner === undefined || isTrusted(owner) ? undefined : NAMES[owner] ?? owner,
    writers: [...new Set(writers)].map((sid) => NAMES[sid] ?? sid),
  };
}
