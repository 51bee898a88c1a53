import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fakeEntry as entry } from "./_fake_entry.ts";
import { planReload } from "./plan_reload.ts";

const list = (ids: string) => [...ids].map((id) => entry(id));

Deno.test("planReload() finds nothing in the same list, nor in a disabled plugin that changes", () => {
  const off = entry("z", { enabled: false });
  const plan = planReload([...list("abc"), off], [
    { ...off, timeoutMs: 10 },
    ...list("abc"),
    entry("y", { enabled: false }),
  ]);
  assertEquals([plan.isNothing, plan.kept], [true, ["a", "b", "c"]]);
});

Deno.test("planReload() tells added, enabled, removed and disabled apart", () => {
  const off = { enabled: false };
  const before = [...list("abc"), entry("d", off)];
  const after = [entry("a"), entry("b", off), entry("d"), entry("e")];
  const { kept, added, enabled, removed, disabled, isNothing } = planReload(before, after);
  assertEquals({ kept, added, enabled, removed, disabled, isNothing }, {
    kept: ["a"],
    added: ["e"],
    enabled: ["d"],
    removed: ["c"],
    disabled: ["b"],
    isNothing: false,
  });
});

Deno.test("planReload() names the keys that are other than before", () => {
  const permissions = { read: ["/data"], write: [], net: [], env: [], sys: [] };
  const after = [entry("a", { timeoutMs: 10, permissions }), entry("b", { residentMb: 300 })];
  assertEquals(planReload(list("ab"), after).changed, [
    { id: "a", keys: ["permissions", "timeoutMs"] },
    { id: "b", keys: ["residentMb"] },
  ]);
  assertEquals(planReload(after, list("ab")).changed.map(({ keys }) => keys), [
    ["permissions", "timeoutMs"],
    ["residentMb"],
  ]);
});

Deno.test("planReload() says of as few as possible that they were moved", () => {
  assertEquals(planReload(list("abcd"), list("dabc")).moved, ["d"]);
  assertEquals(planReload(list("abcd"), list("bcda")).moved, ["a"]);
  assertEquals(planReload(list("abcd"), list("acbd")).moved.length, 1);
  assertEquals(planReload(list("abcd"), list("xbdy")).moved, []);
  assertEquals(planReload([], []).moved, []);
});

const entries = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdef"),
    enabled: fc.boolean(),
    timeoutMs: fc.constantFrom(10, 20),
  }),
  { selector: ({ id }) => id },
).map((some) => some.map(({ id, ...more }) => entry(id, more)));

Deno.test("planReload() accounts for each plugin once, and taking the moved ones out leaves the order", () => {
  fc.assert(fc.property(entries, entries, (before, after) => {
    const plan = planReload(before, after);
    const running = before.filter(({ enabled }) => enabled).map(({ id }) => id);
    const wanted = after.filter(({ enabled }) => enabled).map(({ id }) => id);
    const stay = [...plan.kept, ...plan.changed.map(({ id }) => id)];
    assertEquals([...stay, ...plan.removed, ...plan.disabled].toSorted(), running.toSorted());
    assertEquals([...stay, ...plan.added, ...plan.enabled].toSorted(), wanted.toSorted());
    const still = (ids: string[]) =>
      ids.filter((id) => stay.includes(id) && !plan.moved.includes(id));
    assertEquals(still(running), still(wanted));
    for (const one of plan.moved) {
      const others = (ids: string[]) => ids.filter((id) => stay.includes(id) && id !== one);
      const isNeeded = plan.moved.length > 1 ||
        others(running).join() !== running.filter((id) => stay.includes(id)).join();
      assert(isNeeded, `${one} was not moved`);
    }
  }));
});
