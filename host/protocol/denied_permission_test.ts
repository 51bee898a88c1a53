import { assertEquals } from "@std/assert";
import { deniedPermission, deniedPermissions } from "./denied_permission.ts";

const TOLD: readonly (readonly [string, { kind: string; target: string } | undefined])[] = [
  ['NotCapable: Requires read access to "/a b", run again', { kind: "read", target: "/a b" }],
  ["NotCapable: Requires read access to <CWD>, run again", { kind: "read", target: "<CWD>" }],
  ["NotCapable: Requires env access to TOKEN, run again", { kind: "env", target: "TOKEN" }],
  ["NotCapable: Requires sys access, run again", { kind: "sys", target: "" }],
  [
    'TypeError: no bill; caused by NotCapable: Requires net access to "x:1", run again',
    { kind: "net", target: "x:1" },
  ],
  [
    'TypeError: no bill: Requires net access to "x:1", run again; caused by NotCapable',
    { kind: "net", target: "x:1" },
  ],
  ['TypeError: Requires read access to "/a"', undefined],
  ["PermissionDenied: Permission denied (os error 13)", undefined],
  ["", undefined],
];

Deno.test("deniedPermission() tells what was asked for, in the error or in what caused it", () => {
  for (const [text, wanted] of TOLD) assertEquals(deniedPermission(text), wanted, text);
});

Deno.test("deniedPermissions() finds each in a text of many", () => {
  const text = 'Requires net access to "a:1", and: Requires env access to "B", Requires sys access';
  assertEquals([...deniedPermissions(text)].map(({ kind }) => kind), ["net", "env", "sys"]);
});
