import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { KeepMessage, KnownMessage } from "../protocol/messages.ts";
import { FakeAnswers } from "./_fake_answers.ts";
import { OnceMemory } from "./once_memory.ts";

interface Bench {
  readonly memory: OnceMemory;
  readonly answers: FakeAnswers;
  /** What the host was told to keep. */
  readonly keeps: () => KeepMessage[];
}

/** @param isHostThere Whether the host says at once that it has stored what it was told. */
function bench(known?: KnownMessage["outcomes"], isHostThere = true): Bench {
  const answers = new FakeAnswers();
  const keeps = () => answers.told.flatMap((one) => "keep" in one ? [one.keep] : []);
  const memory = new OnceMemory(answers, 7, known);
  answers.onTold = () => {
    if (isHostThere) queueMicrotask(() => memory.kept(keeps().at(-1)!.key));
  };
  return { memory, answers, keeps };
}

Deno.test("run() tells the host what was given and waits until that is stored", async () => {
  const { memory, keeps } = bench([], false);
  let isOver = false;
  const running = memory.run("charge", () => Promise.resolve({ receipt: 4 }))
    .then((value) => {
      isOver = true;
      return value;
    });
  for (let i = 0; i < 20; i++) await Promise.resolve();
  assertEquals(keeps(), [{ sequence: 7, key: "charge", outcome: { value: { receipt: 4 } } }]);
  assertEquals(isOver, false);
  memory.kept("other");
  memory.kept("charge");
  assertEquals(await running, { receipt: 4 });
});

Deno.test("run() gives back what is known without calling anything", async () => {
  const { memory, keeps } = bench([["charge", { value: [1] }], ["__proto__", {}]]);
  const never = () => {
    throw new RangeError("it is called");
  };
  assertEquals(await memory.run<number[]>("charge", never), [1]);
  assertEquals(await memory.run("__proto__", never), undefined);
  assertEquals(keeps(), []);
});

Deno.test("run() calls once when it is asked for one key several times", async () => {
  const { memory, keeps } = bench();
  let calls = 0;
  const again = () => memory.run("a", () => ++calls);
  assertEquals(await Promise.all([again(), again()]), [1, 1]);
  assertEquals(await again(), 1);
  assertEquals(keeps().length, 1);
});

Deno.test("run() remembers nothing when the call fails, and calls again", async () => {
  const { memory, keeps } = bench();
  let calls = 0;
  const failing = () => {
    if (++calls < 3) throw new RangeError(`try ${calls}`);
    return calls;
  };
  await assertRejects(() => memory.run("a", failing), RangeError, "try 1");
  await assertRejects(() => memory.run("a", failing), RangeError, "try 2");
  assertEquals(keeps(), []);
  assertEquals(await memory.run("a", failing), 3);
});

Deno.test("run() gives the value as JSON has it in the first run too", async () => {
  const { memory } = bench();
  const value = { when: new Date(0), none: undefined, list: [undefined] };
  assertEquals<unknown>(await memory.run("a", () => value), {
    when: "1970-01-01T00:00:00.000Z",
    list: [null],
  });
  assertEquals(await memory.run("b", () => {}), undefined);
  assertEquals(await memory.run("c", () => null), null);
});

Deno.test("run() is done for good when what was given cannot be remembered", async () => {
  const cases: [unknown, string][] = [
    ["ü".repeat(1024), "it gave 2050 bytes of JSON, at most 2048 (onceValueBytesMax)"],
    [1n, "what it gave cannot be written as JSON: "],
  ];
  for (const [value, words] of cases) {
    const { memory, keeps } = bench();
    const message = (await assertRejects(() => memory.run("a", () => value), RangeError)).message;
    assertStringIncludes(message, `although it is done and not done again: ${words}`);
    const [{ outcome }] = keeps() as [KeepMessage];
    const later = bench([["a", outcome]]).memory;
    await assertRejects(() => later.run("a", () => 1), RangeError, words);
  }
});

Deno.test("run() refuses a key that is none before it calls anything", async () => {
  const { memory, keeps } = bench();
  for (const key of ["", "x".repeat(129), "a\nb", "\ud800", 1 as unknown as string]) {
    const run = () => memory.run(key, () => assert(false, "it is called"));
    await assertRejects(run, TypeError, "wanted a text of 1 to 128 characters");
  }
  assertEquals(keeps(), []);
});

Deno.test("run() refuses one key too many, and counts those that are known", async () => {
  const known: [string, object][] = Array.from({ length: 31 }, (_, i) => [`known-${i}`, {}]);
  const { memory } = bench(known);
  await memory.run("new", () => 1);
  await memory.run("new", () => 1);
  const error = await assertRejects(() => memory.run("newer", () => 1), TypeError);
  assertStringIncludes(error.message, "32 keys are remembered of this event");
  assertStringIncludes(error.message, "onceKeysMax, an option of the host");
});

Deno.test("run() refuses what comes or ends after the handler is done", async () => {
  const { memory, keeps } = bench();
  const { promise, resolve } = Promise.withResolvers<number>();
  const late = memory.run("slow", () => promise);
  memory.finish();
  resolve(1);
  await assertRejects(() => late, TypeError, "not in hand any more");
  await assertRejects(() => memory.run("later", () => 1), TypeError, "await what once gives");
  assertEquals(keeps(), [], "the host would kill whoever speaks of an event that is settled");
});
