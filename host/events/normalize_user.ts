import type { Account } from "./connection.ts";

/**
 * Brings a user's name into one form, however it was written: RAS passes on what the client sent,
 * which may be `name`, `DOMAIN\name` or `name@realm`, with the domain that authenticated the user
 * apart from it or not at all. Windows tells no capitals from small letters in any of these, so
 * neither does the result: names and realms become lower-case, domains upper-case.
 *
 * @param user `wszUserName`, or whatever a log or an administrator calls the user.
 * @param domain `wszLogonDomain`; it wins over a domain before the name. Empty or `undefined` when
 * nobody knows it.
 * @returns The account, or `undefined` when the user's name is empty.
 *
 * @example
 * ```ts
 * import { normalizeUser } from "onhook";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalizeUser("corp\\Alice", ""), normalizeUser("alice", "CORP"));
 * assertEquals(normalizeUser("Alice@Corp.example", "")?.qualified, "alice@corp.example");
 * assertEquals(normalizeUser("", "CORP"), undefined);
 * ```
 */
export function normalizeUser(user: string, domain: string | undefined): Account | undefined {
  const written = user.trim();
  if (written === "") return undefined;
  const { before, rest } = splitDomain(written);
  const { name, realm } = splitRealm(rest);
  const account: Account = { name: name.toLowerCase(), qualified: "" };
  const given = domain?.trim();
  const known = given || before;
  if (known !== "") account.domain = known.toUpperCase();
  if (realm !== "") account.realm = realm.toLowerCase();
  account.qualified = account.domain !== undefined
    ? `${account.domain}\\${account.name}`
    : account.realm !== undefined
    ? `${account.name}@${account.realm}`
    : account.name;
  return account;
}

/** What stands before the first backslash; `.` there means this machine, so no domain. */
function splitDomain(user: string): { before: string; rest: string } {
  const at = user.indexOf("\\");
  const before = user.slice(0, Math.max(at, 0)).trim();
  const rest = user.slice(at + 1).trim();
  if (at < 0 || rest === "") return { before: "", rest: user };
  return { before: before === "." ? "" : before, rest };
}

/** What stands behind the last `@`; a name or a realm that is empty makes it part of the name. */
function splitRealm(user: string): { name: string; realm: string } {
  const at = user.lastIndexOf("@");
  const name = user.slice(0, Math.max(at, 0)).trim();
  const realm = user.slice(at + 1).trim();
  return at < 0 || name === "" || realm === "" ? { name: user, realm: "" } : { name, realm };
}
