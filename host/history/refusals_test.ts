import { assertEquals } from "@std/assert";
import { Refusals } from "./refusals.ts";

Deno.test("Refusals.add() finds what Deno refused, counts it, and says where it was first", () => {
  const refusals = new Refusals();
  refusals.add('NotCapable: Requires net access to "a.example:443", run again with …', 4);
  refusals.add('x Requires net access to "a.example:443", y; Requires write access to <CWD>, z', 5);
  refusals.add('Requires env access to "A \\"B\\", C", run again', undefined);
  refusals.add("Requires sys access, run again", 6);
  refusals.add("nothing of the kind", 7);
  assertEquals(refusals.all, [
    { kind: "net", target: "a.example:443", times: 2, firstSequence: 4 },
    { kind: "write", target: "<CWD>", times: 1, firstSequence: 5 },
    { kind: "env", target: 'A \\"B\\", C', times: 1, firstSequence: undefined },
    { kind: "sys", target: "", times: 1, firstSequence: 6 },
  ]);
});

Deno.test("Refusals.add() keeps a bounded number of different ones", () => {
  const refusals = new Refusals();
  for (let i = 0; i < 1000; i++) refusals.add(`Requires read access to "/${i}", x`, i);
  assertEquals([refusals.all.length, refusals.left], [200, 800]);
});

Deno.test("Refusals.addAsked() counts what was told already once, and adds what was kept quiet", () => {
  const refusals = new Refusals();
  refusals.add('Requires net access to "h:1", x', 4);
  for (const target of ["h:1", "h:1", "h:2"]) refusals.addAsked("net", target);
  assertEquals(refusals.all, [
    { kind: "net", target: "h:1", times: 2, firstSequence: 4 },
    { kind: "net", target: "h:2", times: 1, firstSequence: undefined },
  ]);
});
