import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FakeClock } from "../internal/_fake_clock.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { FileRegistrySource } from "./file_registry_source.ts";
import { testWhere } from "../../tests/support/test_where.ts";

const EMPTY = '{ "plugins": [] }';

/** A registry file of its own, and the changes that are told of it. */
class Watched implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync();
  readonly path = join(this.folder, "registry.json");
  readonly #ended = new AbortController();
  readonly changes: AsyncIterator<void>;

  constructor(clock: Clock, prepare: (path: string) => void) {
    prepare(this.path);
    const source = new FileRegistrySource(this.path, clock, 20);
    this.changes = source.changes(this.#ended.signal)[Symbol.asyncIterator]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    assertEquals((await this.changes.next()).done, true, "an abort ends it");
    Deno.removeSync(this.folder, { recursive: true });
  }
}

const write = (path: string) => Deno.writeTextFileSync(path, EMPTY);

/** Ways in which editors and scripts change a file. */
const WAYS: Readonly<Record<string, (path: string) => void>> = {
  "is written in place": (path) => Deno.writeTextFileSync(path, `${EMPTY}\n`),
  "is replaced"(path) {
    Deno.writeTextFileSync(`${path}.new`, EMPTY);
    Deno.renameSync(`${path}.new`, path);
  },
  "is moved away and made new"(path) {
    Deno.renameSync(path, `${path}~`);
    write(path);
  },
  "is removed": (path) => Deno.removeSync(path),
};

for (const [way, change] of Object.entries(WAYS)) {
  Deno.test(`FileRegistrySource.changes() yields at once when the file ${way}`, async () => {
    // Nothing is looked at by this clock, so that only the system's word is left.
    await using watched = new Watched(new FakeClock(), write);
    await watched.changes.next();
    for (let i = 0; i < 2; i++) {
      const next = watched.changes.next();
      change(watched.path);
      assertEquals((await next).done, false);
      if (way === "is removed") break;
    }
  });
}

Deno.test("FileRegistrySource.changes() yields when a change came between two looks", async () => {
  await using watched = new Watched(new FakeClock(), write);
  await watched.changes.next();
  write(watched.path);
  assertEquals((await watched.changes.next()).done, false);
});

Deno.test("FileRegistrySource.changes() yields when a missing file is made", async () => {
  await using watched = new Watched(systemClock, () => {});
  await watched.changes.next();
  const next = watched.changes.next();
  write(watched.path);
  assertEquals((await next).done, false);
});

testWhere(
  "links",
  "FileRegistrySource.changes() yields when a link leads to another file",
  async () => {
    await using watched = new Watched(systemClock, (path) => {
      write(`${path}.1`);
      Deno.writeTextFileSync(`${path}.2`, `${EMPTY}\n`);
      Deno.symlinkSync(`${path}.1`, path);
    });
    await watched.changes.next();
    const next = watched.changes.next();
    Deno.removeSync(watched.path);
    Deno.symlinkSync(`${watched.path}.2`, watched.path);
    assertEquals((await next).done, false);
  },
);

Deno.test("FileRegistrySource.changes() does not take its own reading for a change", async () => {
  const clock = new FakeClock();
  await using watched = new Watched(clock, write);
  const source = new FileRegistrySource(watched.path, clock);
  await watched.changes.next();
  let isTold = false;
  const next = watched.changes.next().then(() => isTold = true);
  for (let i = 0; i < 20; i++) await source.read();
  assertEquals(isTold, false);
  write(watched.path);
  await next;
});
