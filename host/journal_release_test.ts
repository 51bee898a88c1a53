import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "./internal/_fake_clock.ts";
import { JournalRelease } from "./journal_release.ts";

const CAPACITY_BYTES = 64 * 1024;

/** A journal and a store whose disk a test can stop. */
function bench() {
  const clock = new FakeClock();
  const did: string[] = [];
  const disk = { wait: Promise.resolve(), isFull: false };
  const say = (words: string) => void did.push(words);
  const release = new JournalRelease({
    journal: {
      commit: (position, lostTotal) => void did.push(`up to ${position}, ${lostTotal} lost`),
      statistics: () => ({ capacityBytes: CAPACITY_BYTES }) as never,
    },
    store: {
      makeDurable: async () => {
        did.push("durable");
        await disk.wait;
        if (disk.isFull) throw new RangeError("the disk is full");
      },
    },
    clock,
    log: { debug: say, info: say, warn: say, error: say },
    everyMs: 200,
  });
  let position = 0n;
  const stored = (bytes: number) => {
    position += BigInt(bytes);
    const batch = {
      position,
      lostTotal: 3n,
      bytes: new Uint8Array(bytes),
      entries: 1,
      more: false,
    };
    release.stored(batch);
  };
  return { clock, did, disk, release, stored };
}

Deno.test("JournalRelease waits for the time, and releases behind what is durable", async () => {
  const { clock, did, stored } = bench();
  stored(64);
  await clock.advance(199);
  assertEquals(did, []);
  stored(64);
  await clock.advance(1);
  assertEquals(did, ["durable", "up to 128, 3 lost"]);
  await clock.advance(1000);
  assertEquals(did.length, 2, "nothing more was drained");
});

Deno.test("JournalRelease does not wait for the time when the journal fills up", async () => {
  const { clock, did, stored } = bench();
  stored(CAPACITY_BYTES / 32 + 8);
  await clock.advance(0);
  assertEquals(did.length, 2);
});

Deno.test("JournalRelease releases one time after the other, and what came meanwhile too", async () => {
  const { clock, did, disk, stored } = bench();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.wait = promise;
  stored(64);
  await clock.advance(200);
  stored(64);
  await clock.advance(1000);
  assertEquals(did, ["durable"]);
  resolve();
  await clock.advance(200);
  assertEquals(did, ["durable", "up to 64, 3 lost", "durable", "up to 128, 3 lost"]);
});

Deno.test("JournalRelease says it when the disk does not take it, and tries again", async () => {
  const { clock, did, disk, stored } = bench();
  disk.isFull = true;
  stored(64);
  await clock.advance(200);
  assertStringIncludes(did[1]!, "Cannot release the journal: the disk is full; it is tried again");
  disk.isFull = false;
  await clock.advance(200);
  assertEquals(did.slice(2), ["durable", "up to 64, 3 lost"]);
});

Deno.test("JournalRelease.finish() releases the rest, and nothing is released by itself after stop()", async () => {
  const { clock, did, release, stored } = bench();
  stored(64);
  release.stop();
  stored(64);
  await release.finish();
  await clock.advance(1000);
  assertEquals(did, ["durable", "up to 128, 3 lost"]);
});
