import { assertEquals } from "@std/assert";
import { FakeClock } from "./_fake_clock.ts";
import { TextQueue } from "./text_queue.ts";

/** Takes as many bytes as a test lets it. */
class SlowSink {
  text = "";
  room = 0;
  isBroken = false;
  #resume = () => {};

  async write(bytes: Uint8Array): Promise<number> {
    while (this.room === 0 && !this.isBroken) {
      await new Promise<void>((resolve) => this.#resume = resolve);
    }
    if (this.isBroken) throw new Deno.errors.BrokenPipe();
    const taken = Math.min(this.room, bytes.byteLength);
    this.room -= taken;
    this.text += new TextDecoder().decode(bytes.subarray(0, taken));
    return taken;
  }

  async give(room: number): Promise<void> {
    this.room += room;
    this.#resume();
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }
}

Deno.test("TextQueue.add() never waits, and drops and counts what does not fit", async () => {
  const sink = new SlowSink();
  const queue = new TextQueue(sink, 10);
  queue.onDropped = (lines) => queue.add(`-${lines}\n`);
  for (const line of ["aaaa\n", "bbbb\n", "cccc\n", "dddd\n"]) queue.add(line);
  assertEquals(queue.bytes, 10);
  await sink.give(100);
  assertEquals(sink.text, "aaaa\nbbbb\n-2\n");
  queue.add("eeee\n");
  await sink.give(0);
  assertEquals([sink.text, queue.bytes], ["aaaa\nbbbb\n-2\neeee\n", 0]);
});

Deno.test("TextQueue writes on from where a short write ended", async () => {
  const sink = new SlowSink();
  const queue = new TextQueue(sink, 100);
  queue.add("one\n");
  queue.add("two\n");
  for (let i = 0; i < 8; i++) await sink.give(1);
  assertEquals(sink.text, "one\ntwo\n");
});

Deno.test("TextQueue forgets everything once nobody takes it any more", async () => {
  const sink = new SlowSink();
  const queue = new TextQueue(sink, 100);
  queue.add("one\n");
  sink.isBroken = true;
  await sink.give(1);
  for (let i = 0; i < 1000; i++) queue.add("two\n");
  await queue.drained(1000, new FakeClock());
  assertEquals(sink.text, "");
});

Deno.test("TextQueue.drained() waits for what was added, and not longer than it should", async () => {
  const sink = new SlowSink();
  const clock = new FakeClock();
  const queue = new TextQueue(sink, 100);
  await queue.drained(1000, clock);
  queue.add("one\n");
  let isOver = false;
  const drained = queue.drained(1000, clock).then(() => isOver = true);
  await clock.advance(999);
  assertEquals(isOver, false);
  await clock.advance(1);
  await drained;
  const again = queue.drained(1000, clock);
  await sink.give(4);
  await again;
  assertEquals([sink.text, clock.timers], ["one\n", 0]);
});
