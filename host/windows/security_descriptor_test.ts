import { assertEquals, assertThrows } from "@std/assert";
import { rightsFacts } from "./rights_facts.ts";
import { readSecurityDescriptor, writeSecurityDescriptor } from "./security_descriptor.ts";
import { RIGHTS } from "./allowed_right.ts";
import { rightsText } from "./rights_text.ts";

const SOME = [
  { sid: "S-1-5-18", mask: RIGHTS.all, flags: 3 },
  { sid: "S-1-5-32-544", mask: RIGHTS.all, flags: 3 },
  { sid: "S-1-5-21-1-2-4294967295-1000", mask: RIGHTS.modify, flags: 3 },
];

Deno.test("readSecurityDescriptor() reads what writeSecurityDescriptor() wrote", () => {
  assertEquals(readSecurityDescriptor(writeSecurityDescriptor(SOME)), {
    owner: undefined,
    isProtected: true,
    allowed: SOME,
  });
});

Deno.test("readSecurityDescriptor() takes one that Windows has made", () => {
  // Owner Administrators; SYSTEM may do all, entry of an object, a denial that is left out.
  const bytes = Uint8Array.fromHex(
    "01000480" + "14000000" + "00000000" + "00000000" + "24000000" + // to the list at 36
      "01020000000000052000000020020000" + // S-1-5-32-544 at 20
      "0200" + "5800" + "0300" + "0000" +
      "0013" + "1400" + "ff011f00" + "010100000000000512000000" +
      "0500" + "2800" + "02000000" + "01000000" + "00".repeat(16) + "010100000000000100000000" +
      "0100" + "1400" + "ff011f00" + "010100000000000507000000",
  );
  assertEquals(readSecurityDescriptor(bytes), {
    owner: "S-1-5-32-544",
    isProtected: false,
    allowed: [
      { sid: "S-1-5-18", mask: RIGHTS.all, flags: 3 },
      { sid: "S-1-1-0", mask: 2, flags: 0 },
    ],
  });
  assertThrows(() => readSecurityDescriptor(bytes.subarray(0, 60)), RangeError);
});

Deno.test("rightsText() says the rights as Windows takes them", () => {
  assertEquals(
    rightsText(SOME.slice(1)),
    "D:P(A;OICI;0x1f01ff;;;S-1-5-32-544)(A;OICI;0x1301bf;;;S-1-5-21-1-2-4294967295-1000)",
  );
});

Deno.test("rightsFacts() names owners and writers that are no administrators", () => {
  const allowed = [
    ...SOME,
    { sid: "S-1-3-0", mask: RIGHTS.all, flags: 0xb },
    { sid: "S-1-5-32-545", mask: 0x12_00a9, flags: 3 },
    { sid: "S-1-5-11", mask: 0x4, flags: 2 },
    { sid: "S-1-5-11", mask: 0x2, flags: 0 },
  ];
  const facts = rightsFacts({ owner: "S-1-5-21-9", isProtected: false, allowed }, undefined);
  assertEquals(facts, {
    foreignOwner: "S-1-5-21-9",
    writers: ["S-1-5-21-1-2-4294967295-1000", "Authenticated Users"],
  });
  const own = rightsFacts(
    { owner: "S-1-5-18", isProtected: true, allowed: SOME },
    SOME[2]!.sid,
  );
  assertEquals(own, { foreignOwner: undefined, writers: [] });
  const open = rightsFacts({ owner: undefined, isProtected: false, allowed: undefined }, undefined);
  assertEquals(open.writers, ["Everyone"]);
});
