import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FakeClock } from "../internal/_fake_clock.ts";
import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import { SettledCollector } from "../protocol/settled.ts";
import { AnswerDispatcher } from "./answer_dispatcher.ts";
import { LogBudget } from "./log_budget.ts";
import type { PluginListener } from "./plugin_process.ts";

type Heard = [call: string, message?: unknown];

function bench(
  linesMax = 100,
): { dispatcher: AnswerDispatcher; heard: Heard[]; budget: LogBudget } {
  const heard: Heard[] = [];
  const hear = (call: string) => (message?: unknown) => void heard.push([call, message]);
  const listener: PluginListener = {
    ready: hear("ready"),
    refused: hear("refused"),
    settled: hear("settled"),
    failed: hear("failed"),
    log: hear("log"),
    stopped: hear("stopped"),
    broken: hear("broken"),
    exceeded: hear("exceeded"),
    hasWorked: () => true,
    keep: hear("keep"),
    turn: hear("turn"),
    exited: hear("exited"),
  };
  const budget = new LogBudget(new FakeClock(), linesMax);
  return { dispatcher: new AnswerDispatcher(listener, budget), heard, budget };
}

const encode = (message: unknown) => new TextEncoder().encode(JSON.stringify(message));

const error = { name: "TypeError", message: "m" };
const GOOD = [
  ["ready", FROM_PLUGIN.ready, { protocol: 1, handlers: ["onEvent"] }],
  ["failed", FROM_PLUGIN.failed, { sequence: 3, error: { ...error, stack: "at x" } }],
  ["refused", FROM_PLUGIN.refused, { stage: "load", error }],
  ["keep", FROM_PLUGIN.keep, { sequence: 3, key: "k", outcome: { value: null } }],
  ["log", FROM_PLUGIN.log, { level: "info", message: "m", fields: { a: [1] }, sequence: 3 }],
] as const;

Deno.test("AnswerDispatcher passes each kind of message on as it is", () => {
  for (const [call, kind, message] of GOOD) {
    const { dispatcher, heard } = bench();
    dispatcher.frame(kind, encode(message));
    assertEquals(heard, [[call, message]]);
  }
  const { dispatcher, heard } = bench();
  const collector = new SettledCollector();
  collector.add(1);
  const payload = new Uint8Array(4000);
  dispatcher.frame(FROM_PLUGIN.settled, payload.subarray(0, collector.take(9, payload)));
  dispatcher.frame(FROM_PLUGIN.stopped, new Uint8Array());
  assertEquals(heard.map(([call]) => call), ["settled", "stopped"]);
  assertEquals((heard[0]![1] as { sequence: number }).sequence, 9);
});

Deno.test("AnswerDispatcher calls broken whatever is no message of the protocol", () => {
  const bad: [number, Uint8Array, string][] = [
    [0, encode({}), "a message of the unknown kind 0"],
    [255, encode({}), "a message of the unknown kind 255"],
    [FROM_PLUGIN.settled, encode("x"), "a settled message that is malformed"],
    ...GOOD.flatMap(([, kind, message]): [number, Uint8Array, string][] => [
      [kind, new Uint8Array(), "a message that is no JSON"],
      [kind, Uint8Array.of(0xff, 0xfe), "a message that is no JSON"],
      [kind, encode({ ...message, more: 1 }), "a message that is malformed"],
      [kind, encode([message]), "a message that is malformed"],
      [kind, encode(null), "a message that is malformed"],
    ]),
    [FROM_PLUGIN.failed, encode({ sequence: 0, error }), "a message that is malformed"],
    [FROM_PLUGIN.failed, encode({ sequence: 1e300, error }), "a message that is malformed"],
    [FROM_PLUGIN.log, encode({ level: "fatal", message: "" }), "a message that is malformed"],
  ];
  for (const [kind, payload, words] of bad) {
    const { dispatcher, heard } = bench();
    dispatcher.frame(kind, payload);
    assertEquals(heard.map(([call]) => call), ["broken"]);
    assert(String(heard[0]![1]).startsWith(words), `${heard[0]![1]} is not ${words}`);
  }
});

Deno.test("AnswerDispatcher drops lines of log over the budget, whatever they hold", () => {
  const { dispatcher, heard, budget } = bench(2);
  dispatcher.frame(FROM_PLUGIN.log, encode({ level: "info", message: "1" }));
  dispatcher.stray("stdout", "2");
  dispatcher.stray("stderr", "3");
  dispatcher.frame(FROM_PLUGIN.log, encode("not even looked at"));
  assertEquals(heard.length, 2);
  assertEquals(budget.takeDropped(), 2);
  dispatcher.frame(FROM_PLUGIN.failed, encode({ sequence: 1, error }));
  assertEquals(heard.at(-1)![0], "failed", "only lines of log are dropped");
});

Deno.test("AnswerDispatcher makes lines of log of what a plugin writes around the runner", () => {
  const { dispatcher, heard } = bench();
  dispatcher.stray("stdout", "out");
  dispatcher.stray("stderr", "err");
  assertEquals(heard, [
    ["log", { level: "info", message: "out", fields: { stream: "stdout" } }],
    ["log", { level: "warn", message: "err", fields: { stream: "stderr" } }],
  ]);
});

Deno.test("AnswerDispatcher never throws, and passes exactly one thing on", () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.integer({ min: 1, max: 2000 })
      .map((n) => new TextEncoder().encode(`${"[".repeat(n)}${"]".repeat(n)}`)),
  );
  fc.assert(fc.property(fc.nat(255), payload, (kind, bytes) => {
    const { dispatcher, heard } = bench();
    dispatcher.frame(kind, bytes);
    assertEquals(heard.length, 1);
  }));
});
