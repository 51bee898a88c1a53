import { assertEquals } from "@std/assert";
import { CallOrder, PAST_ORDERS_MAX } from "./call_order.ts";

/** Where each plugin is; whoever is not named is not waited for. */
function at(positions: Record<string, number>): (plugin: string) => number {
  return (plugin) => positions[plugin] ?? Infinity;
}

Deno.test("CallOrder.limitOf() is what all plugins before have settled", () => {
  const order = new CallOrder(["a", "b", "c"]);
  const settled = at({ a: 5, b: 9, c: 2 });
  assertEquals(["a", "b", "c"].map((id) => order.limitOf(id, settled)), [Infinity, 5, 5]);
});

Deno.test("CallOrder.change() keeps the old order up to the last event handed over", () => {
  const order = new CallOrder(["a", "b"]);
  order.change(["b", "a"], 10);
  assertEquals(order.limitOf("b", at({ a: 7, b: 3 })), 7, "b waits for a up to 10");
  assertEquals(order.limitOf("b", at({ a: 10, b: 3 })), Infinity, "and then for nobody");
  assertEquals(order.limitOf("a", at({ a: 7, b: 3 })), 10, "a goes on up to 10");
  assertEquals(order.limitOf("a", at({ a: 10, b: 12 })), 12, "and then waits for b");
});

Deno.test("CallOrder.change() of what nobody was handed leaves no trace", () => {
  const order = new CallOrder(["a", "b"]);
  order.change(["b", "a"], 10);
  order.change(["b", "c", "a"], 10);
  order.change(["c", "b", "a"], 10);
  assertEquals(order.past, [{ upTo: 10, plugins: ["a", "b"] }]);
  order.change(["c", "b", "a"], 20);
  assertEquals(order.past.length, 1, "the same order once more is no change");
});

Deno.test("CallOrder.limitOf() goes through several orders, one for each stretch of events", () => {
  const order = new CallOrder(["a", "b", "c"]);
  order.change(["c", "b", "a"], 10);
  order.change(["b", "c", "a"], 20);
  assertEquals(order.limitOf("b", at({ a: 10, b: 9, c: 15 })), 15, "from 11 on b waits for c");
  assertEquals(order.limitOf("b", at({ a: 10, b: 9, c: 20 })), Infinity);
  assertEquals(order.limitOf("c", at({ a: 10, b: 12, c: 12 })), 20, "from 21 on c waits for b");
  assertEquals(order.limitOf("a", at({ a: 10, b: 25, c: 23 })), 23);
});

Deno.test("CallOrder.forget() drops what all have behind them, remove() whoever is gone", () => {
  const order = new CallOrder(["a", "b", "c"]);
  order.change(["b", "c"], 10);
  order.change(["c", "b"], 20);
  order.remove("a");
  assertEquals(order.limitOf("b", at({ b: 3, c: 9 })), 20, "nobody waits for a any more");
  order.forget(9);
  assertEquals(order.past.length, 2);
  order.forget(10);
  assertEquals(order.past, [{ upTo: 20, plugins: ["b", "c"] }]);
  order.forget(Infinity);
  assertEquals([order.past, order.now], [[], ["c", "b"]]);
});

Deno.test("CallOrder.hasRoom ends when too many orders are in force", () => {
  const order = new CallOrder(["a", "b"]);
  for (let i = 1; i <= PAST_ORDERS_MAX; i++) {
    assertEquals(order.hasRoom, true);
    order.change(i % 2 === 1 ? ["b", "a"] : ["a", "b"], i);
  }
  assertEquals(order.hasRoom, false);
  order.forget(1);
  assertEquals(order.hasRoom, true);
});
