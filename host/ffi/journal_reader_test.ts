import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { LinkHangupEvent, OnhookEvent } from "../events/schema.ts";
import { DefectError, NativeError } from "../internal/errors.ts";
import { ensureLibrary } from "../native/build.ts";
import { startSimulator, type StartSimulatorOptions } from "../simulator/start_simulator.ts";
import { JournalReader } from "./journal_reader.ts";
import { TemporaryJournal } from "./temporary_journal.ts";

const libraryPath = await ensureLibrary();
const { drainAll, events } = TemporaryJournal;

function simulate(journal: TemporaryJournal, options: Partial<StartSimulatorOptions> = {}) {
  const { path: journalPath } = journal;
  // Events are told apart by their handles.
  const alone = { hangupsOnly: true, reuseHandles: false };
  return startSimulator({ libraryPath, journalPath, seed: 1, ...alone, ...options });
}

const isHangup = (event: OnhookEvent): event is LinkHangupEvent => event.type === "linkHangup";

/** How often each port was hung up, which tells the events of one day from each other. */
function calls(all: readonly OnhookEvent[]): string[] {
  return all.filter(isHangup).map(({ port }) => `${port.connectionHandle} ${port.handle}`);
}

Deno.test("JournalReader.open() makes a journal when there is none", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open({ capacityBytes: 65_536 });
  assertEquals(await reader.wait(0), "timeout");
  const batch = reader.drain();
  assertEquals([batch.entries, batch.bytes.length, batch.more], [0, 0, false]);
  const statistics = reader.statistics();
  assertEquals(statistics.capacityBytes, 65_536);
  assertEquals(statistics.readerProcessId, Deno.pid);
  assertEquals([statistics.waitingBytes, statistics.lostTotal, statistics.serviceStarts], [
    0,
    0,
    0,
  ]);
  assertEquals(statistics.callouts.total, 0);
  assert(/^[0-9a-f]{32}$/.test(statistics.journalId));
});

Deno.test("JournalReader gives each hangup once and in order when RAS plays a day", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  const simulator = simulate(journal, { count: 1000, ratePerSecond: 5000 });
  const all: OnhookEvent[] = [];
  while (all.at(-1)?.type !== "serviceStop") {
    assertEquals(await reader.wait(20_000), "data");
    const batch = reader.drain();
    all.push(...events(batch));
    reader.commit(batch.position, batch.lostTotal);
  }
  const result = await simulator.done;
  assertEquals(result?.hangups, 1000);
  assertEquals(all.length, 1002);
  assertEquals(all[0]?.type, "serviceStart");
  assertEquals(new Set(calls(all)).size, 1000);
  assertEquals(new Set(all.map((event) => event.id)).size, all.length);
  const times = all.map((event) => event.time);
  assertEquals(times, times.toSorted());
  const [start, stop] = [all[0]!, all.at(-1)!];
  assert(start.type === "serviceStart" && stop.type === "serviceStop");
  assertEquals(start.service.processId, simulator.processId);
  assertEquals(stop.service, { ...start.service, calloutsTotal: 1000 });

  const statistics = reader.statistics();
  assertEquals(statistics.headPosition, statistics.tailPosition);
  assertEquals([statistics.waitingBytes, statistics.lostTotal, statistics.serviceStarts], [
    0,
    0,
    1,
  ]);
  assertEquals(statistics.lastWriterProcessId, simulator.processId);
  const { callouts } = statistics;
  assertEquals(callouts.total, 1000);
  assertEquals(callouts.histogram.reduce((sum, bucket) => sum + bucket.count, 0), 1000);
  assertGreater(callouts.p50Ns, 0);
  assert(callouts.p50Ns <= callouts.p99Ns && callouts.p99Ns <= callouts.maxNs);
  assert(callouts.totalNs <= callouts.maxNs * callouts.total);
});

Deno.test("JournalReader loses no event when every wake-up is lost", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  const simulator = simulate(journal, { count: 2000, ratePerSecond: 10_000 });
  const all: OnhookEvent[] = [];
  while (all.at(-1)?.type !== "serviceStop") {
    // The interrupt takes the place of whatever would have woken this wait.
    reader.interrupt();
    assertEquals(await reader.wait(20_000), "interrupted");
    const batch = reader.drain();
    all.push(...events(batch));
    reader.commit(batch.position, batch.lostTotal);
  }
  await simulator.done;
  assertEquals(all.length, 2002);
  assertEquals(new Set(calls(all)).size, 2000);
  assertEquals(reader.statistics().lostTotal, 0);
});

Deno.test("JournalReader.drain() keeps to its limits when more is waiting", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await simulate(journal, { count: 200 }).done;
  {
    await using reader = journal.open({ batchEntriesMax: 7 });
    const { batches, events } = drainAll(reader);
    assertEquals(events.length, 202);
    assertEquals(batches.length, Math.ceil(202 / 7));
    assert(batches.every((batch) => batch.entries <= 7));
  }
  await using reader = journal.open({ batchBytesMax: 4096 });
  const { batches, events } = drainAll(reader);
  assertEquals(events.length, 202);
  assertGreater(batches.length, 5);
  assert(batches.every((batch) => batch.bytes.length <= 4096));
});

Deno.test("JournalReader.drain() uses one buffer again and again", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await simulate(journal, { count: 20 }).done;
  await using reader = journal.open({ batchEntriesMax: 1 });
  const first = reader.drain();
  const copy = first.bytes.slice();
  const second = reader.drain();
  assertEquals(second.bytes.buffer, first.bytes.buffer);
  assert(copy.some((byte, i) => byte !== second.bytes[i]), "the next entry stands there now");
});

Deno.test("JournalReader.commit() decides what comes again when it is reopened", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await simulate(journal, { count: 100 }).done;
  const first = journal.open({ batchEntriesMax: 10 });
  const batches = [first.drain(), first.drain(), first.drain()];
  first.commit(batches[1]!.position, batches[1]!.lostTotal);
  await first.close();

  await using second = journal.open();
  const again = drainAll(second).events;
  assertEquals(again.length, 102 - 20);
  assertEquals(again.slice(0, 10), events(batches[2]!));
});

Deno.test("JournalReader.commit() throws when the place was never drained", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await simulate(journal, { count: 5 }).done;
  await using reader = journal.open();
  assertThrows(() => reader.commit(64n, 0n), NativeError, "position 64");
});

Deno.test("JournalReader gives a gap with the exact number when the journal was full", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await journal.open({ capacityBytes: 65_536 }).close();
  await simulate(journal, { count: 1000 }).done;
  await using reader = journal.open();
  const { events, batches } = drainAll(reader);
  const gaps = events.filter((event) => event.type === "gap");
  assertEquals(gaps.length, 1);
  const [{ gap, time }] = gaps as [typeof gaps[0] & { type: "gap" }];
  // The service's stop had no place either.
  const hangups = events.filter(isHangup).length;
  const stops = events.filter((event) => event.type === "serviceStop").length;
  assertEquals(gap.lost, 1000 - hangups + 1 - stops);
  assertEquals([gap.exact, gap.reasons], [true, ["journalFull"]]);
  assert(gap.firstTime <= gap.lastTime && gap.lastTime === time);

  const last = batches.at(-1)!;
  assertEquals(last.lostTotal, BigInt(gap.lost));
  reader.commit(last.position, last.lostTotal);
  const statistics = reader.statistics();
  assertEquals([statistics.lostTotal, statistics.lostAcknowledged], [gap.lost, gap.lost]);
});

Deno.test("JournalReader.open() names the other process when there is one", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const other = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      `--config=${fromFileUrl(new URL("../../deno.json", import.meta.url))}`,
      `--allow-ffi=${libraryPath}`,
      import.meta.resolve("./_hold_journal.ts"),
      journal.path,
      libraryPath,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    await other.stdin.close();
    await other.stdout.cancel();
    await other.status;
  });
  const reading = other.stdout.getReader();
  await reading.read();
  reading.releaseLock();

  const error = assertThrows(() => journal.open(), NativeError);
  assertEquals(error.details.symbol, "ONHOOK_BUSY");
  assertEquals(error.details.processId, other.pid);
  for (const part of [journal.path, String(other.pid), "stop that process first"]) {
    assert(error.message.includes(part), error.message);
  }

  other.kill("SIGKILL");
  await other.status;
  // The dead reader's claim is taken over.
  await journal.open().close();
});

Deno.test("JournalReader.close() ends the wait and may be called twice", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const reader = journal.open();
  const waiting = reader.wait(60_000);
  await Promise.all([reader.close(), reader.close()]);
  assertEquals(await waiting, "interrupted");
  await reader.close();
  reader.interrupt();
  assertThrows(() => reader.drain(), DefectError, "closed journal reader");
  // The claim is given up.
  await journal.open().close();
});

Deno.test("JournalReader.interrupt() ends the next wait when none goes on", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  reader.interrupt();
  assertEquals(await reader.wait(60_000), "interrupted");
  assertEquals(await reader.wait(1), "timeout");
});

Deno.test("JournalReader throws a DefectError when calls overlap that must not", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  const waiting = reader.wait(60_000);
  assertThrows(() => reader.wait(0), DefectError, "overlap");
  assertThrows(() => reader.drain(), DefectError, "while a wait");
  reader.interrupt();
  assertEquals(await waiting, "interrupted");
});

Deno.test("JournalReader.open() leaves a file alone when its format is unknown", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const content = new Uint8Array(200_000).fill(0x41);
  await Deno.writeFile(journal.path, content);
  const error = assertThrows(() => journal.open(), NativeError, journal.path);
  assertEquals(error.details.symbol, "ONHOOK_UNKNOWN_FORMAT");
  assertEquals(await Deno.readFile(journal.path), content);
});

Deno.test("JournalReader.open() says why when the system does not let it", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await Deno.writeTextFile(journal.path, "no folder");
  const path = `${journal.path}/below/a/file`;
  const error = assertThrows(() => JournalReader.open(path, { libraryPath }), NativeError, path);
  assertEquals(error.details.symbol, "ONHOOK_OPEN_FAILED");
  assertGreater(error.details.systemCode, 0);
});

Deno.test("JournalReader.wait() is rejected when the library refuses it", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  await using reader = journal.open();
  await assertRejects(async () => await reader.wait(-1), DefectError, "-1 ms");
});
