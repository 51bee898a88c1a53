import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ensureLibrary } from "../native/build.ts";
import { readJournalHeader } from "./journal_header.ts";
import { TemporaryJournal } from "./temporary_journal.ts";

Deno.test("readJournalHeader() says what the reader's own statistics say, while it reads", async () => {
  await using journal = await TemporaryJournal.make(await ensureLibrary());
  await assertRejects(() => readJournalHeader(journal.path), Deno.errors.NotFound);
  const reader = journal.open();
  const statistics = reader.statistics();
  const header = await readJournalHeader(journal.path);
  assertEquals(header?.capacityBytes, statistics.capacityBytes);
  assertEquals(header?.readerPid, Deno.pid);
  assertEquals(header?.waitingBytes, 0);
  assertEquals([header?.lostTotal, header?.lostAcknowledged, header?.serviceStarts], [0, 0, 0]);
  await reader.close();
  assertEquals((await readJournalHeader(journal.path))?.readerPid, 0);
});

Deno.test("readJournalHeader() gives nothing for a file that is no journal", async () => {
  const folder = await Deno.makeTempDir();
  for (const bytes of [0, 10, 70_000]) {
    const path = join(folder, `${bytes}`);
    await Deno.writeFile(path, new Uint8Array(bytes));
    assertEquals(await readJournalHeader(path), undefined);
  }
  await Deno.remove(folder, { recursive: true });
});
