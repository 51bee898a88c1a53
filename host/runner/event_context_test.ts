import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { FakeAnswers } from "./_fake_answers.ts";
import { ownTimers } from "./_own_timers.ts";
import { EventContext } from "./event_context.ts";
import { PluginLogger } from "./plugin_logger.ts";

const BASE = { plugin: "a", config: { key: 1 }, timeoutMs: 1000 };

/** Runs a test with timers that only the test fires. */
function withTimers(
  test: (timers: Map<number, { fire: () => void; delayMs: number }>) => void,
): void {
  const timers = new Map<number, { fire: () => void; delayMs: number }>();
  const { setTimeout, clearTimeout } = ownTimers;
  try {
    Object.assign(ownTimers, {
      setTimeout: (fire: () => void, delayMs: number) => {
        timers.set(timers.size + 1, { fire, delayMs });
        return timers.size;
      },
      clearTimeout: (id: number) => timers.delete(id),
    });
    test(timers);
  } finally {
    Object.assign(ownTimers, { setTimeout, clearTimeout });
  }
}

function context(startedMs = performance.now()): EventContext {
  return new EventContext(BASE, new PluginLogger(new FakeAnswers()), startedMs);
}

Deno.test("EventContext makes its signal and timer when it is first asked, once", () =>
  withTimers((timers) => {
    const ctx = context();
    assertEquals([ctx.plugin, ctx.config], ["a", { key: 1 }]);
    assertEquals(timers.size, 0);
    assertStrictEquals(ctx.signal, ctx.signal);
    assertEquals(timers.size, 1);
  }));

Deno.test("EventContext aborts its signal at nine tenths of the time limit", () =>
  withTimers((timers) => {
    const { signal } = context(performance.now() - 400);
    const [timer] = timers.values();
    assertEquals(timer!.delayMs <= 500 && timer!.delayMs > 400, true, `${timer!.delayMs} ms`);
    assertEquals(signal.aborted, false);
    timer!.fire();
    assertEquals([signal.aborted, signal.reason.name], [true, "TimeoutError"]);
  }));

Deno.test("EventContext aborts at once when the time is over as the signal is asked for", () =>
  withTimers((timers) => {
    void context(performance.now() - 5000).signal;
    assertEquals([...timers.values()].map(({ delayMs }) => delayMs), [0]);
  }));

Deno.test("EventContext.finish() takes the timer back, and lets no other be started", () =>
  withTimers((timers) => {
    const ctx = context();
    void ctx.signal;
    ctx.finish();
    assertEquals(timers.size, 0);
    const late = context();
    late.finish();
    assertEquals(late.signal.aborted, false);
    assertEquals(timers.size, 0);
  }));

Deno.test("EventContext.once() says so when no event is in hand", async () => {
  const words = "no event is in hand, wanted to be asked within the handler of one";
  await assertRejects(() => context().once("a", () => 1), TypeError, words);
});
