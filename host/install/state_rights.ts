import { type AllowedRight, RIGHTS } from "../windows/allowed_right.ts";

/** SYSTEM and administrators everything, the host's account all but the rights themselves. */
export function stateRights(account: string): readonly AllowedRight[] {
  const flags = 3;
  return [
    { sid: "S-1-5-18", mask: RIGHTS.all, flags },
    { sid: "S-1-5-32-544", mask: RIGHTS.all, flags },
    ...account === "S-1-5-18" ? [] : [{ sid: account, mask: RIGHTS.modify, flags }],
  ];
}
