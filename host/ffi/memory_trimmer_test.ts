import { assert, assertEquals } from "@std/assert";
import { testWhere } from "../../tests/support/test_where.ts";
import { FakeClock } from "../internal/_fake_clock.ts";
import { MemoryTrimmer } from "./memory_trimmer.ts";

Deno.test("MemoryTrimmer trims once a second until it is stopped", async () => {
  const clock = new FakeClock();
  let trims = 0;
  {
    using _trimmer = new MemoryTrimmer(clock, () => trims++);
    await clock.advance(3500);
    assertEquals(trims, 3);
  }
  await clock.advance(3000);
  assertEquals(trims, 3);
});

const RESIDENT_AFTER = `
import { MemoryTrimmer } from ${JSON.stringify(import.meta.resolve("./memory_trimmer.ts"))};
let due;
const clock = { startTimer: (_ms, fire) => (due = fire, { cancel() {} }) };
// Every second block stays in use, so that nothing can be given back from the end.
const blocks = Array.from({ length: 4000 }, () => new Uint8Array(16_000).fill(1));
const kept = blocks.filter((_, i) => i % 2 === 0);
blocks.length = 0;
gc();
await new Promise((resolve) => setTimeout(resolve, 50));
gc();
const before = Deno.memoryUsage().rss;
using trimmer = new MemoryTrimmer(clock);
due();
console.log(JSON.stringify([before, Deno.memoryUsage().rss, kept.length]));
`;

testWhere(
  "glibc",
  "MemoryTrimmer gives freed memory back that lies between blocks in use",
  async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--v8-flags=--expose-gc", RESIDENT_AFTER],
      env: { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "65536" },
    }).output();
    const [before, after] = JSON.parse(new TextDecoder().decode(stdout)) as [number, number];
    assert(before - after > 10e6, `${before} bytes before, ${after} after, 32 MB were freed`);
  },
);
