import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { normalizeUser } from "./normalize_user.ts";

Deno.test("normalizeUser() brings every way to write a name into one form", () => {
  const cases: [user: string, domain: string | undefined, qualified: string | undefined][] = [
    ["alice", "CORP", "CORP\\alice"],
    ["CORP\\alice", "", "CORP\\alice"],
    ["corp\\Alice", undefined, "CORP\\alice"],
    ["alice@corp.example", "CORP", "CORP\\alice"],
    ["Alice@Corp.Example", "", "alice@corp.example"],
    ["alice", "", "alice"],
    ["other\\alice", "CORP", "CORP\\alice"],
    [".\\alice", "", "alice"],
    [".\\alice", "CORP", "CORP\\alice"],
    ["\\alice", "", "alice"],
    ["CORP\\", "", "corp\\"],
    ["alice@", "", "alice@"],
    ["@corp.example", "", "@corp.example"],
    ["a@b@corp.example", "", "a@b@corp.example"],
    ["CORP\\alice@corp.example", "", "CORP\\alice"],
    ["CORP\\PC-17$", "", "CORP\\pc-17$"],
    ["host/pc-17.corp.example", "", "host/pc-17.corp.example"],
    ["  alice ", " corp ", "CORP\\alice"],
    ["JÜRGEN.GROSS", "", "jürgen.gross"],
    ["", "CORP", undefined],
    ["  ", "CORP", undefined],
  ];
  for (const [user, domain, qualified] of cases) {
    assertEquals(normalizeUser(user, domain)?.qualified, qualified, JSON.stringify([user, domain]));
  }
});

Deno.test("normalizeUser() keeps the parts apart when there are several", () => {
  assertEquals(normalizeUser("Corp\\Alice@Corp.Example", ""), {
    name: "alice",
    domain: "CORP",
    realm: "corp.example",
    qualified: "CORP\\alice",
  });
  assertEquals(normalizeUser("Alice", undefined), { name: "alice", qualified: "alice" });
});

Deno.test("normalizeUser() gives parts that are never empty when the text is arbitrary", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "B", "\\", "@", " ", ".", "İ", "ß") });
  fc.assert(fc.property(text, text, (user, domain) => {
    const account = normalizeUser(user, domain);
    assertEquals(account === undefined, user.trim() === "");
    for (const part of Object.values(account ?? {})) assert(part !== "");
  }));
});

Deno.test("normalizeUser() gives the same account again when it is given what it gave", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "7", "-", "$"), minLength: 1 });
  const domain = fc.option(name, { nil: undefined });
  fc.assert(fc.property(name, domain, domain, (name, before, realm) => {
    const written = `${before === undefined ? "" : `${before}\\`}${name}${
      realm === undefined ? "" : `@${realm}`
    }`;
    const first = normalizeUser(written, undefined)!;
    assertEquals(normalizeUser(first.qualified, undefined)!.qualified, first.qualified);
    assertEquals(normalizeUser(written.toUpperCase(), "")!, first);
  }));
});
