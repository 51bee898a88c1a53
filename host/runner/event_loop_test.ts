import { assert, assertEquals } from "@std/assert";
import { decodeEvent } from "../events/decode_event.ts";
import { encodeEvent } from "../events/encode_event.ts";
import { layout } from "../events/layout.ts";
import type { OnhookEvent } from "../events/event.ts";
import type { EventsBatch } from "../protocol/events_batch.ts";
import { FakeAnswers } from "./_fake_answers.ts";
import type { PluginContext } from "./define_plugin.ts";
import { EventLoop } from "./event_loop.ts";
import { handlerTable } from "./handler_table.ts";

type AnyEvent = (event: OnhookEvent, ctx: PluginContext) => unknown;

const TIME = "2026-11-22T10:00:00.000000Z";

function gap(sequence: number): OnhookEvent {
  const times = { firstTime: TIME, lastTime: TIME };
  return {
    type: "gap",
    id: `00000000000000aa-gap-${sequence}`,
    sequence,
    time: TIME,
    attempt: 1,
    gap: { lost: 1, exact: true, ...times, reasons: ["journalFull"] },
  };
}

function hangup(sequence: number): OnhookEvent {
  return {
    type: "linkHangup",
    id: `00000000000000aa-${sequence.toString(16)}`,
    sequence,
    time: TIME,
    attempt: 1,
    port: {},
  };
}

function batchOf(events: readonly OnhookEvent[], attempt = 1): EventsBatch {
  const entries = events.flatMap((event) => {
    const bytes = [...encodeEvent(event)];
    return [...bytes, ...new Array<number>(-bytes.length & 7).fill(0)];
  });
  return { attempt, count: events.length, entries: Uint8Array.from(entries) };
}

function loopOf(plugin: object, timeoutMs = 5000): { loop: EventLoop; answers: FakeAnswers } {
  const answers = new FakeAnswers();
  const base = { plugin: "a", config: { key: "value" }, timeoutMs };
  return { loop: new EventLoop(answers, handlerTable(plugin), decodeEvent, base), answers };
}

/** The sum of the events that were told to be settled, and the last one. */
function settledOf({ told }: FakeAnswers): { count: number; last: number } {
  const all = told.flatMap((one) => "settled" in one ? [one] : []);
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    last: all.at(-1)?.settled ?? 0,
  };
}

Deno.test("EventLoop calls the handler of each event's type in sequence", async () => {
  const seen: string[] = [];
  const { loop, answers } = loopOf({
    onLinkHangup: ({ sequence }: OnhookEvent) => void seen.push(`hangup ${sequence}`),
    onEvent: ({ sequence, type }: OnhookEvent) => void seen.push(`${type} ${sequence}`),
  });
  await loop.run(batchOf([hangup(1), gap(2), hangup(3)]));
  assertEquals(seen, ["hangup 1", "gap 2", "hangup 3"]);
  assertEquals(settledOf(answers), { count: 3, last: 3 });
});

Deno.test("EventLoop waits for a handler's promise before it calls the next one", async () => {
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const { loop, answers } = loopOf({
    onEvent: (async ({ sequence }) => {
      seen.push(`begin ${sequence}`);
      if (sequence === 1) await first.promise;
      seen.push(`end ${sequence}`);
    }) satisfies AnyEvent,
  });
  const running = loop.run(batchOf([gap(1), gap(2)]));
  await Promise.resolve();
  assertEquals(seen, ["begin 1"]);
  first.resolve();
  await running;
  assertEquals(seen, ["begin 1", "end 1", "begin 2", "end 2"]);
  assertEquals(settledOf(answers), { count: 2, last: 2 });
});

Deno.test("EventLoop settles events without a handler", async () => {
  const { loop, answers } = loopOf({ onLinkHangup() {} });
  await loop.run(batchOf([gap(1), gap(2)]));
  assertEquals(settledOf(answers), { count: 2, last: 2 });
});

Deno.test("EventLoop settles an event of a type that it does not know", async () => {
  const seen: number[] = [];
  const { loop, answers } = loopOf({
    onEvent: (({ sequence }) => void seen.push(sequence)) satisfies AnyEvent,
  });
  const batch = batchOf([gap(1), gap(2)]);
  new DataView(batch.entries.buffer).setUint16(layout.entry.type, 999, true);
  await loop.run(batch);
  assertEquals(seen, [2]);
  assertEquals(settledOf(answers), { count: 2, last: 2 });
});

Deno.test("EventLoop tells of a failure after what was settled before it, and goes on", async () => {
  const { loop, answers } = loopOf({
    onEvent: (({ sequence }) => {
      if (sequence === 2) throw new TypeError("no");
      if (sequence === 3) return Promise.reject(new TypeError("not either"));
    }) satisfies AnyEvent,
  });
  await loop.run(batchOf([gap(1), gap(2), gap(3), gap(4)]));
  const failures = answers.told.filter((one) => "failed" in one);
  assertEquals(failures, [{ failed: 2, message: "no" }, { failed: 3, message: "not either" }]);
  const before = answers.told.slice(0, answers.told.indexOf(failures[0]!));
  assertEquals(before, [{ settled: 1, count: 1 }]);
  assertEquals(settledOf(answers), { count: 2, last: 4 });
});

Deno.test("EventLoop fails an entry that cannot be decoded, and goes on", async () => {
  const { loop, answers } = loopOf({ onEvent() {} });
  const batch = batchOf([gap(1), gap(2)]);
  const view = new DataView(batch.entries.buffer);
  // A time that no calendar has.
  view.setBigInt64(layout.entry.time, -(2n ** 62n), true);
  await loop.run(batch);
  const kinds = answers.told.map((one) => Object.keys(one)[0]);
  assertEquals(kinds, ["failed", "settled"]);
  assertEquals(settledOf(answers), { count: 1, last: 2 });
});

Deno.test("EventLoop gives handlers the attempt, the configuration and a log of their event", async () => {
  const { loop, answers } = loopOf({
    onEvent: (({ attempt, sequence }, ctx) => {
      ctx.log.info("hello", { attempt, config: ctx.config, plugin: ctx.plugin, sequence });
    }) satisfies AnyEvent,
  });
  const idle = loop.log;
  await loop.run(batchOf([gap(7)], 3));
  const line = answers.told.find((one) => "log" in one)!.log;
  assertEquals(line, {
    level: "info",
    message: "hello",
    sequence: 7,
    eventId: "00000000000000aa-gap-7",
    fields: { attempt: 3, config: { key: "value" }, plugin: "a", sequence: 7 },
  });
  assert(loop.log === idle, "between events, log lines belong to none");
});

Deno.test("EventLoop.stop() lets the event in hand finish and begins no other", async () => {
  const seen: number[] = [];
  const first = Promise.withResolvers<void>();
  const { loop, answers } = loopOf({
    onEvent: (({ sequence }) => {
      seen.push(sequence);
      return first.promise;
    }) satisfies AnyEvent,
  });
  const running = loop.run(batchOf([gap(1), gap(2)]));
  const next = running.then(() => loop.run(batchOf([gap(3)])));
  loop.stop();
  first.resolve();
  await next;
  assertEquals(seen, [1]);
  assertEquals(settledOf(answers), { count: 1, last: 1 });
});

for (
  const [what, handler] of [["return nothing", () => {}], ["are async", async () => {}]] as const
) {
  Deno.test(`EventLoop sees a stop in the middle of a batch, handlers that never wait and ${what}`, async () => {
    let seen = 0;
    const { loop, answers } = loopOf({
      onEvent: () => {
        const untilMs = performance.now() + 5;
        while (performance.now() < untilMs);
        seen++;
        return handler();
      },
    });
    const events = Array.from({ length: 200 }, (_, i) => gap(i + 1));
    setTimeout(() => loop.stop(), 20);
    await loop.run(batchOf(events));
    assert(seen < events.length / 2, `${seen} of ${events.length} events were begun`);
    assertEquals(settledOf(answers), { count: seen, last: seen });
  });
}

Deno.test("EventLoop goes on when a plugin has put something else in the place of timers", async () => {
  const names = ["setTimeout", "clearTimeout"] as const;
  const own = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name)!);
  const { loop, answers } = loopOf({
    onEvent: async ({ sequence }: OnhookEvent, { signal }: PluginContext) => {
      for (const name of names) {
        if (sequence === 1) globalThis[name] = (() => 0) as never;
        else Object.defineProperty(globalThis, name, { value: () => 0, configurable: true });
      }
      const untilMs = performance.now() + 60;
      while (performance.now() < untilMs);
      if (sequence === 2) await new Promise((resolve) => signal.onabort = resolve);
    },
  }, 200);
  try {
    await loop.run(batchOf([gap(1), gap(2), gap(3)]));
  } finally {
    names.forEach((name, i) => Object.defineProperty(globalThis, name, own[i]!));
  }
  assertEquals(settledOf(answers), { count: 3, last: 3 });
});

Deno.test("EventLoop tells what is settled while the next handler makes it wait", async () => {
  const told = Promise.withResolvers<void>();
  const { loop, answers } = loopOf({
    onEvent: (({ sequence }) => sequence === 2 ? told.promise : undefined) satisfies AnyEvent,
  });
  answers.onTold = told.resolve;
  // Without a word on the first event, the second one would wait for ever.
  await loop.run(batchOf([gap(1), gap(2)]));
  assertEquals(answers.told, [{ settled: 1, count: 1 }, { settled: 2, count: 1 }]);
});

Deno.test("EventLoop aborts a handler's signal before its time limit, and not after its end", async () => {
  const { promise: aborted, resolve } = Promise.withResolvers<string>();
  let kept: AbortSignal | undefined;
  const { loop } = loopOf({
    onEvent: (async ({ sequence }, { signal }) => {
      if (sequence === 1) {
        signal.addEventListener("abort", () => resolve(signal.reason.name));
        await aborted;
      } else kept = signal;
    }) satisfies AnyEvent,
  }, 10);
  await loop.run(batchOf([gap(1), gap(2)]));
  assertEquals(await aborted, "TimeoutError");
  assertEquals(kept!.aborted, false);
});

Deno.test("EventLoop lets a handler do once what no earlier attempt has done", async () => {
  const done: string[] = [];
  const { loop, answers } = loopOf({
    async onEvent({ sequence }: OnhookEvent, ctx: PluginContext) {
      for (const key of ["charge", "mail"]) {
        await ctx.once(key, () => void done.push(`${key} ${sequence}`));
      }
    },
  });
  answers.onTold = () => {
    const last = answers.told.at(-1)!;
    if ("keep" in last) queueMicrotask(() => loop.kept(last.keep));
  };
  loop.know({ sequence: 2, outcomes: [["charge", {}]] });
  await loop.run(batchOf([hangup(1), hangup(2), gap(3)], 2));
  assertEquals(done, ["charge 1", "mail 1", "mail 2", "charge 3", "mail 3"]);
  assertEquals(settledOf(answers), { count: 3, last: 3 });
});
