import { assertEquals, assertThrows } from "@std/assert";
import { EventType } from "../events/event_type.ts";
import { handlerTable } from "./handler_table.ts";

const EVENT = {} as never;
const CTX = {} as never;

Deno.test("handlerTable() sorts handlers by the number of their event type", () => {
  const table = handlerTable({
    config: { parse: (value: unknown) => value },
    onStart: () => "start",
    onLinkHangup: () => "hangup",
    onGap: () => "gap",
    onStop: undefined,
  });
  assertEquals([...table.byType.keys()].toSorted(), [EventType.linkHangup, EventType.gap]);
  assertEquals(table.byType.get(EventType.linkHangup)!(EVENT, CTX), "hangup");
  assertEquals(table.byType.get(EventType.gap)!(EVENT, CTX), "gap");
  assertEquals(table.fallback, undefined);
  assertEquals(table.names.toSorted(), ["onGap", "onLinkHangup", "onStart"]);
});

Deno.test("handlerTable() knows a handler for every type of event that is written", () => {
  const names = [
    "onLinkHangup",
    "onLinkUp",
    "onConnectionUp",
    "onConnectionHangup",
    "onReauthentication",
    "onServiceStart",
    "onServiceStop",
    "onGap",
  ];
  const table = handlerTable(Object.fromEntries(names.map((name) => [name, () => name])));
  const found = [1, 2, 3, 4, 5, 16, 17, 32].map((type) => table.byType.get(type)!(EVENT, CTX));
  assertEquals(found, names);
  assertEquals(table.byType.size, names.length);
});

Deno.test("handlerTable() takes onEvent for every other event, with the plugin as this", () => {
  const plugin = {
    own: 7,
    onEvent(this: { own: number }) {
      return this.own;
    },
  };
  const table = handlerTable(plugin);
  assertEquals(table.byType.size, 0);
  assertEquals(table.fallback!(EVENT, CTX), 7);
});

Deno.test("handlerTable() finds the handlers of an instance of a class", () => {
  class Counter {
    count = 0;
    onLinkHangup() {
      return ++this.count;
    }
    onEvent() {
      return -1;
    }
  }
  const table = handlerTable(new Counter());
  const handler = table.byType.get(EventType.linkHangup)!;
  assertEquals([handler(EVENT, CTX), handler(EVENT, CTX)], [1, 2]);
  assertEquals(table.fallback!(EVENT, CTX), -1);
});

Deno.test("handlerTable() lists everything that is wrong with a plugin at once", () => {
  const error = assertThrows(
    () => handlerTable({ onLinkHangup: 5, onStart: null, onLinkHangUp() {}, onEvent: "x" }),
    TypeError,
  );
  for (
    const words of [
      "onLinkHangUp is no handler",
      "onLinkHangup is no function",
      "onStart is no function",
      "onEvent is no function",
      "wanted handlers among onEvent, onLinkHangup",
    ]
  ) assertEquals(error.message.includes(words), true, `${words} in: ${error.message}`);
});

Deno.test("handlerTable() leaves alone what only begins like a handler", () => {
  assertEquals(handlerTable({ once: true, online: 1, on: 2, onEvent() {} }).names, ["onEvent"]);
});

Deno.test("handlerTable() says what it found when it is no plugin", () => {
  const cases: [unknown, string][] = [
    [undefined, "no default export"],
    [null, "null"],
    [[], "an array"],
    [() => {}, "a function"],
    ["text", "a string"],
    [5, "a number"],
  ];
  for (const [value, words] of cases) {
    assertThrows(() => handlerTable(value), TypeError, `Cannot use the module: ${words}, wanted`);
  }
});
