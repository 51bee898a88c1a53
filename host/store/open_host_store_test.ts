import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { decodeEvent } from "../events/decode_event.ts";
import { walkEntries } from "../events/walk_entries.ts";
import { StoreError } from "../internal/errors.ts";
import { testWhere } from "../../tests/support/test_where.ts";
import { FakeClock } from "../internal/_fake_clock.ts";
import { FakeStoreFile } from "./_fake_store_file.ts";
import { openHostStore } from "./open_host_store.ts";
import { Store } from "./store.ts";

const EVENTS = 3000;
const clock = new FakeClock();

/** A state folder with a store: `a` has settled 2900 of 3000 events, `b` all. */
class Damaged implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly said: string[] = [];
  readonly path = join(this.folder, "onhook.sqlite");

  async make(): Promise<this> {
    const store = Store.open(this.folder, clock);
    using file = new FakeStoreFile();
    file.hangups(1, EVENTS, 50);
    const rows = file.database.prepare("SELECT first, last, bytes FROM segment ORDER BY first")
      .all();
    store.transaction(() => {
      for (const row of rows as unknown as { first: number; last: number; bytes: Uint8Array }[]) {
        const offsets = [...walkEntries(row.bytes)].map(({ offset }) => offset);
        offsets.push(row.bytes.byteLength);
        store.addSegment({ ...row, offsets: Uint32Array.from(offsets) });
      }
      store.setCursor("a", { settled: 2900, runs: [{ to: 2950, attempt: 1 }] });
      store.setCursor("b", { settled: EVENTS, runs: [] });
    });
    await store.makeDurable();
    store.close();
    return this;
  }

  change(work: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): void {
    Deno.writeFileSync(this.path, work(Deno.readFileSync(this.path)));
  }

  open(): Store {
    const say = (message: string) => void this.said.push(message);
    return openHostStore(this.folder, clock, { debug: say, info: say, warn: say, error: say }, 3);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** What can be read from an event on, the gap included. */
function readFrom(store: Store, from: number): { sequence: number; type: string }[] {
  const found: { sequence: number; type: string }[] = [];
  for (let next = from;;) {
    const segment = store.readSegment(next, 1 << 20);
    if (segment === undefined) return found;
    for (let i = 0; i < segment.offsets.length - 1; i++) {
      const event = decodeEvent(segment.bytes, segment.offsets[i]!, 1)!;
      if (event.sequence >= from) found.push({ sequence: event.sequence, type: event.type });
    }
    next = segment.last + 1;
  }
}

const GONE = {
  "random bytes": () => crypto.getRandomValues(new Uint8Array(8192)),
  "nothing": () => new Uint8Array(),
  "zeros": (bytes: Uint8Array) => new Uint8Array(bytes.byteLength),
  "half of its first page": (bytes: Uint8Array) => bytes.subarray(0, 2048),
};

for (const [what, damage] of Object.entries(GONE)) {
  Deno.test(`openHostStore() sets a store of ${what} aside and says exactly what is lost`, async () => {
    using world = await new Damaged().make();
    world.change(damage);
    const damagedBytes = Deno.readFileSync(world.path);
    const store = world.open();
    assertEquals(store.cursor("b"), {
      settled: EVENTS,
      runs: [{ to: EVENTS, attempt: 1 }].slice(1),
    });
    assertEquals(store.cursor("a")?.settled, 2900);
    assertEquals(readFrom(store, 2901), [{ sequence: EVENTS + 1, type: "gap" }]);
    const [words] = world.said;
    assertMatch(words!, /a loses 100 events, 2901 to 3000; b loses nothing/);
    const aside = [...Deno.readDirSync(world.folder)].find(({ isDirectory }) => isDirectory)!;
    const kept = Deno.readFileSync(join(world.folder, aside.name, "onhook.sqlite"));
    const isSame = kept.every((byte, i) => byte === damagedBytes[i]);
    assert(isSame || damagedBytes.length === 0, "nothing of it is thrown away");
    assert(words!.includes(aside.name));
    store.close();
    const again = world.open();
    assertEquals(world.said.length, 1, "the new one is whole");
    again.close();
  });
}

/** Names of the stores that were set aside, oldest first. */
const asides = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.startsWith("damaged-")
  )
    .toSorted();

Deno.test("openHostStore() keeps the newest damaged store and the largest others, and says what goes", async () => {
  using world = await new Damaged().make();
  const own = new FakeClock();
  const sizes = [4000, 9000, 5000, 100, 200];
  const kept: string[][] = [];
  for (const bytes of sizes) {
    Deno.writeFileSync(world.path, new Uint8Array(bytes));
    for (const name of ["-wal", "-shm"]) {
      try {
        Deno.removeSync(world.path + name);
      } catch { /* the store was closed */ }
    }
    const say = (message: string) => void world.said.push(message);
    openHostStore(world.folder, own, { debug: say, info: say, warn: say, error: say }, 3).close();
    kept.push(asides(world.folder));
    await own.advance(1000);
  }
  const all = [...new Set(kept.flat())].toSorted();
  assertEquals(all.length, sizes.length);
  assertEquals(kept.slice(2), [
    [all[0], all[1], all[2]],
    [all[1], all[2], all[3]],
    [all[1], all[2], all[4]],
  ]);
  const dropped = world.said.filter((words) => words.includes("is dropped: "));
  assertEquals(dropped.length, 2);
  assert(dropped[0]!.includes(`${all[0]}, `) && dropped[0]!.includes("at most 3 are kept"));
  const warned = world.said.find((words) => words.startsWith("There are 3 damaged stores"));
  assert(warned?.includes(`with the next one ${all[0]}`), warned);
});

Deno.test("openHostStore() leaves a folder alone that is called like a damaged store and is none", async () => {
  using world = await new Damaged().make();
  for (const name of ["damaged-1", "damaged-2", "damaged-3"]) {
    Deno.mkdirSync(join(world.folder, name));
    Deno.writeTextFileSync(join(world.folder, name, "notes.txt"), "mine");
  }
  world.change(GONE["random bytes"]);
  world.open().close();
  assertEquals(asides(world.folder).length, 4);
});

Deno.test("openHostStore() keeps what can still be read of a damaged store", async () => {
  using world = await new Damaged().make();
  // A page that holds none of the newest events.
  world.change((bytes) => {
    const at = 4096 * Math.floor(bytes.byteLength / 4096 / 2);
    return bytes.fill(0xa5, at, at + 4096);
  });
  const store = world.open();
  const events = readFrom(store, 2901);
  assertEquals(
    events.map(({ sequence }) => sequence),
    Array.from({ length: 100 }, (_, i) => 2901 + i),
  );
  assertEquals(events.some(({ type }) => type === "gap"), false);
  assertMatch(world.said[0]!, /a loses nothing; b loses nothing/);
  assertEquals(store.cursor("a"), { settled: 2900, runs: [{ to: EVENTS, attempt: 1 }] });
  store.close();
});

Deno.test("openHostStore() says that it does not know what is lost without its marks", async () => {
  using world = await new Damaged().make();
  world.change(GONE.zeros);
  Deno.removeSync(join(world.folder, "onhook.marks.json"));
  const store = world.open();
  assertEquals([store.lastSequence, store.cursor("a")], [0, undefined]);
  assertMatch(world.said[0]!, /which events are lost is not known/);
  store.close();
});

Deno.test("openHostStore() takes a version that none has written for a damage, a later one not", async () => {
  using world = await new Damaged().make();
  const setVersion = (version: number) => {
    const database = new DatabaseSync(world.path);
    database.exec(`PRAGMA user_version = ${version}`);
    database.close();
  };
  setVersion(99);
  assertThrows(() => world.open(), StoreError, "it has version 99");
  setVersion(-7);
  const store = world.open();
  assertMatch(world.said[0]!, /version -7.*a loses nothing; b loses nothing/);
  store.close();
});

Deno.test("openHostStore() leaves a store alone that is whole, however it ended", async () => {
  using world = await new Damaged().make();
  for (let i = 0; i < 2; i++) {
    const store = world.open();
    assertEquals(store.lastSequence, EVENTS);
    await store.makeDurable();
    store.close();
  }
  assertEquals(world.said, []);
});

testWhere("windows", "openHostStore() says who is in the way of a damaged store", async () => {
  using state = await new Damaged().make();
  {
    using _reader = new DatabaseSync(state.path, { readOnly: true });
    state.change((bytes) => bytes.fill(0));
    assertThrows(() => state.open(), StoreError, "Cannot set the damaged store aside: ");
    assertEquals([...Deno.readDirSync(state.folder)].filter(({ isDirectory }) => isDirectory), []);
  }
  state.open().close();
  assertMatch(state.said.join("\n"), /set aside/);
});
