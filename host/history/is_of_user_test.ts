import { assertEquals } from "@std/assert";
import { normalizeUser } from "../events/normalize_user.ts";
import { fakeHangup } from "../store/_fake_store_file.ts";
import { isOfUser } from "./is_of_user.ts";

function hangupOf(user: string, domain?: string) {
  const account = normalizeUser(user, domain)!;
  return { event: { ...fakeHangup(1), session: { source: "observed" as const, user, account } } };
}

Deno.test("isOfUser() knows a user by every form of the name, and tells others apart", () => {
  const cases: [wanted: string, user: string, domain: string | undefined, isHers: boolean][] = [
    ["alice", "alice", undefined, true],
    ["ALICE", "corp\\Alice", undefined, true],
    ["corp\\alice", "Alice", "CORP", true],
    ["corp\\alice", "Alice", "OTHER", false],
    ["corp\\alice", "alice", undefined, false],
    ["alice@corp.example", "Alice@Corp.example", undefined, true],
    ["alice@corp.example", "alice@corp.test", undefined, false],
    ["ali", "alice", undefined, false],
    ["", "alice", undefined, false],
  ];
  for (const [wanted, user, domain, isHers] of cases) {
    assertEquals(isOfUser(hangupOf(user, domain), wanted), isHers, `${wanted} and ${user}`);
  }
});

Deno.test("isOfUser() is nobody's when it is not known whose an event is", () => {
  assertEquals(isOfUser({ event: undefined }, "alice"), false);
  assertEquals(isOfUser({ event: fakeHangup(1) }, "alice"), false);
});
