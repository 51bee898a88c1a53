import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import { type ProcessUse, ProcessWatch } from "./process_watch.ts";

const MIB = 1024 * 1024;

/** Processes that use what a test says. */
class Bench {
  readonly clock = new FakeClock();
  readonly uses = new Map<number, ProcessUse>();
  readonly over: { what: string; isLasting: boolean }[] = [];
  readonly watch = new ProcessWatch(this.clock, (pid) => this.uses.get(pid));
  hasWorked = false;

  add(pid: number, limits: { residentMb?: number; cpuPercent?: number; cpuWindowMs?: number }) {
    this.uses.set(pid, { residentBytes: MIB, cpuMs: 0 });
    return this.watch.add({
      pid,
      entry: { id: "a", memoryMb: 64, ...limits },
      hasWorked: () => this.hasWorked,
      exceeded: (what, isLasting) => this.over.push({ what, isLasting }),
    });
  }

  /** Lets time pass in which a process uses so much of a processor. */
  async run(pid: number, forMs: number, percent: number): Promise<void> {
    for (let ms = 0; ms < forMs; ms += 250) {
      const { cpuMs, residentBytes } = this.uses.get(pid)!;
      this.uses.set(pid, { residentBytes, cpuMs: cpuMs + 250 * percent / 100 });
      await this.clock.advance(250);
    }
  }
}

Deno.test("add() tells limit, value and key when a process holds too much memory", async () => {
  const bench = new Bench();
  bench.add(1, { residentMb: 200 });
  bench.uses.set(1, { residentBytes: 200 * MIB, cpuMs: 0 });
  await bench.clock.advance(1000);
  assertEquals(bench.over, [], "the limit itself is allowed");
  bench.uses.set(1, { residentBytes: 201 * MIB, cpuMs: 0 });
  await bench.clock.advance(1000);
  assertEquals(bench.over.map(({ what }) => what), [
    "its process held 201 MiB of memory, more than 200 (residentMb); " +
    "set residentMb in its registry entry if it needs more",
  ]);
  assertEquals(bench.over[0]!.isLasting, false);
});

Deno.test("add() tells where the limit comes from when residentMb is not set", async () => {
  const bench = new Bench();
  bench.add(1, {});
  bench.uses.set(1, { residentBytes: 321 * MIB, cpuMs: 0 });
  await bench.clock.advance(250);
  assertStringIncludes(bench.over[0]!.what, "more than 320 (residentMb, not set: memoryMb and 256");
});

Deno.test("add() tells limit, value and keys when a process computes for itself", async () => {
  const bench = new Bench();
  bench.add(1, { cpuPercent: 50, cpuWindowMs: 10_000 });
  await bench.run(1, 60_000, 49);
  assertEquals(bench.over, [], "below the limit it may go on for ever");
  await bench.run(1, 10_000, 100);
  assertEquals(bench.over.length, 1, "it is told once");
  const { what, isLasting } = bench.over[0]!;
  assertEquals(isLasting, false);
  assertStringIncludes(what, "within 10000 ms (cpuWindowMs) beside its work on events, more than");
  assertStringIncludes(what, "more than the 5000 ms that cpuPercent 50 allows");
});

Deno.test("add() leaves one processor to a process that works on events, and no more", async () => {
  const bench = new Bench();
  bench.add(1, { cpuPercent: 50, cpuWindowMs: 10_000 });
  bench.hasWorked = true;
  await bench.run(1, 3_600_000, 140);
  assertEquals(bench.over, [], "an hour of catching up at full speed");
  await bench.run(1, 10_000, 200);
  assertEquals(bench.over.length, 1, "a worker beside it");
});

Deno.test("add() calls it lasting when a plugin relapses within ten windows", async () => {
  const bench = new Bench();
  const limits = { cpuPercent: 50, cpuWindowMs: 1000 };
  for (const [pid, pauseMs] of [[1, 0], [2, 5000], [3, 20_000]] as const) {
    await bench.clock.advance(pauseMs);
    bench.add(pid, limits);
    await bench.run(pid, 1000, 100);
  }
  assertEquals(bench.over.map(({ isLasting }) => isLasting), [false, true, false]);
});

Deno.test("add() keeps one timer for all, and none when all processes are gone", async () => {
  const bench = new Bench();
  const ends = [1, 2, 3].map((pid) => bench.add(pid, {}));
  assertEquals(bench.clock.timers, 1);
  ends[0]!();
  bench.uses.delete(2);
  await bench.clock.advance(1000);
  assertEquals(bench.clock.timers, 1);
  ends[2]!();
  await bench.clock.advance(1000);
  assertEquals(bench.clock.timers, 0);
});
