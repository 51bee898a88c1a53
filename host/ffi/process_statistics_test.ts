import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { DefectError, NativeError } from "../internal/errors.ts";
import { ensureLibrary } from "../native/build.ts";
import { ProcessStatistics } from "./process_statistics.ts";

const libraryPath = await ensureLibrary();
const MIB = 1024 * 1024;

Deno.test("ProcessStatistics.read() tells the memory of a process when it is this one", () => {
  using statistics = ProcessStatistics.open(libraryPath);
  const { residentBytes } = statistics.read(Deno.pid)!;
  assertGreater(residentBytes, 10 * MIB);
  // Deno asks the system in its own way.
  const { rss } = Deno.memoryUsage();
  assertLess(Math.abs(residentBytes - rss), 32 * MIB + rss / 4);
});

Deno.test("ProcessStatistics.read() counts time when the process works", () => {
  using statistics = ProcessStatistics.open(libraryPath);
  const before = statistics.read(Deno.pid)!.cpuMs;
  let after = before;
  let rounds = 0;
  let sum = 0;
  while (after - before < 50 && rounds++ < 10_000) {
    for (let i = 0; i < 1_000_000; i++) sum += i % 7;
    after = statistics.read(Deno.pid)!.cpuMs;
  }
  assert(sum > 0);
  assertGreater(after - before, 49);
  assertLess(after - before, 10_000);
});

Deno.test("ProcessStatistics.read() is undefined when the process has ended", async () => {
  using statistics = ProcessStatistics.open(libraryPath);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "await Deno.stdin.readable.pipeTo(Deno.stdout.writable)"],
    stdin: "piped",
    stdout: "null",
  }).spawn();
  assertGreater(statistics.read(child.pid)!.residentBytes, 0);
  await child.stdin.close();
  await child.status;
  assertEquals(statistics.read(child.pid), undefined);
  assertEquals(statistics.read(0xffff_ffff), undefined);
});

Deno.test("ProcessStatistics.read() throws when the number is none of a process", () => {
  using statistics = ProcessStatistics.open(libraryPath);
  for (const processId of [0, -1, 1.5, NaN, 2 ** 32]) {
    assertThrows(() => statistics.read(processId), DefectError, "number of a process");
  }
});

Deno.test("ProcessStatistics.read() throws when it is closed", () => {
  const statistics = ProcessStatistics.open(libraryPath);
  statistics.close();
  statistics.close();
  assertThrows(() => statistics.read(Deno.pid), DefectError, "closed");
});

Deno.test("ProcessStatistics.open() throws when there is no library", () => {
  assertThrows(() => ProcessStatistics.open("/nowhere/libonhook.so"), NativeError);
});
