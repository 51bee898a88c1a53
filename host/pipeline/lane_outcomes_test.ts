import { assertEquals } from "@std/assert";
import { startedWorld } from "./_fake_world.ts";
import { LaneOutcomes } from "./lane_outcomes.ts";

Deno.test("LaneOutcomes.addDone() tells late and timely apart within one answer", () => {
  const book = new LaneOutcomes("a");
  book.addDone(1, 3, 1);
  book.fallBehind(6);
  book.fallBehind(5);
  book.addDone(4, 5, 1);
  book.addDone(6, 9, 2);
  assertEquals(book.done, [
    { plugin: "a", first: 1, last: 3, attempt: 1 },
    { plugin: "a", first: 4, last: 5, attempt: 1, isLate: true },
    { plugin: "a", first: 6, last: 6, attempt: 2, isLate: true },
    { plugin: "a", first: 7, last: 9, attempt: 2 },
  ]);
  book.stored();
  assertEquals(book.done, []);
});

for (const ids of [["hold", "b"], ["b", "hold"]]) {
  Deno.test(`Lane of a held plugin records that it caught up later, in the order ${ids}`, async () => {
    using world = await startedWorld(ids);
    const done: [string, number, number, boolean][] = [];
    const { addDone } = world.store;
    world.store.addDone = (run) => {
      done.push([run.plugin, run.first, run.last, run.isLate ?? false]);
      addDone.call(world.store, run);
    };
    await world.come(1);
    await world.settleAll();
    await world.come(4);
    world.plugins.of("b").settle();
    world.plugins.of("hold").fail();
    await world.clock.advance(1000);
    world.plugins.of("b").settle();
    await world.clock.advance(600_000);
    await world.settleAll();
    await world.come(1);
    await world.settleAll();
    const late = (plugin: string) =>
      done.filter((run) => run[0] === plugin).flatMap(([, first, last, isLate]) =>
        Array.from({ length: last - first + 1 }, () => isLate)
      );
    assertEquals(late("hold"), [false, true, true, true, true, false]);
    assertEquals(late("b"), Array(6).fill(false));
  });
}
