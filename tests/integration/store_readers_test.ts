/** Commands such as `dead list` read the store while the host writes it. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { DeadLetterBook } from "../../host/store/dead_letter_book.ts";
import { ReadStore } from "../../host/store/read_store.ts";
import { TestWorld } from "../support/test_world.ts";

const HANGUPS = 200;
const ALL = HANGUPS + 2;

Deno.test("whoever reads the store for long holds up neither delivery nor a stop nor a start", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    world.recorder("first"),
    { id: "fails", file: "misbehave", config: { how: "throws", at: 5 } },
    world.recorder("last"),
  ]);
  await using first = await world.startHost();
  using long = new DatabaseSync(join(world.folder, "onhook.sqlite"), { readOnly: true });
  // What it sees stays as it is, so the host cannot tidy its log.
  long.exec("BEGIN");
  const seen = () => long.prepare("SELECT count(*) AS n FROM segment").get()!["n"];
  assertEquals(seen(), 0);
  using book = DeadLetterBook.open(world.folder, "read");
  using store = ReadStore.open(world.folder);
  await world.play({ count: HANGUPS, seed: 1 });
  await first.until(() => world.distinct("last") === ALL, "all events are delivered");
  assertEquals([seen(), store.lastSequence], [0, ALL]);
  assertEquals([...book.list({})].map(({ sequence }) => sequence), [5]);
  assertEquals(await first.stop(), 0);
  assertEquals(
    first.log.filter(({ level, plugin }) => level === "ERROR" && plugin !== "fails"),
    [],
  );
  await using second = await world.startHost();
  await world.play({ count: HANGUPS, seed: 2 });
  await second.until(() => world.distinct("last") === 2 * ALL, "the next host delivers too");
  assertEquals([seen(), store.lastSequence], [0, 2 * ALL]);
  long.exec("COMMIT");
  assert(Number(seen()) > 0);
});
