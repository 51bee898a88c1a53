/** A plugin that is held for ever does not fill the disk, and what it loses is told exactly. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DeadLetterBook } from "../../host/store/dead_letter_book.ts";
import { done } from "../support/run_task.ts";
import { TestWorld } from "../support/test_world.ts";

const HANGUPS = 20_000;
const ALL = HANGUPS + 2;
const MIB = 1024 * 1024;

function storeBytes(world: TestWorld): number {
  return Deno.statSync(join(world.folder, "onhook.sqlite")).size;
}

Deno.test("retention: a held plugin loses its oldest events, counted, and the store stays bounded", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    {
      id: "billing",
      file: "fails_until",
      permissions: { read: ["./mended"], write: ["./records.jsonl"] },
      config: { file: "./records.jsonl", mended: "./mended", at: 3 },
      onFailure: "hold",
    },
    { id: "after", file: "nothing" },
  ]);
  await using host = await world.startHost([
    `--store-bytes-max=${MIB}`,
    `--waiting-bytes-max=${MIB}`,
    "--prune-every-ms=1000",
  ]);
  // So that the neighbour, who works, is never a whole store behind.
  await world.play({ count: HANGUPS, ratePerSecond: 5000, seed: 9 });
  await host.untilLog(
    ({ plugin, message }) => plugin === "billing" && message.includes("were dropped by retention"),
    "it is told",
  );
  const line = host.log.find(({ message }) => message.includes("although plugins wait for them"))!;
  assert(line.message.includes(`it is over waitingBytesMax (${MIB} bytes)`), line.message);
  assert(line.message.includes("billing (held, "), host.stderr.slice(-4000));
  assert(storeBytes(world) < 16 * MIB, `${storeBytes(world)} bytes`);
  using book = DeadLetterBook.open(world.folder, "read");
  await done(world, "plugin release billing");
  const lost = (): number =>
    book.dropped("billing").reduce((sum, { first, last }) => sum + last - first + 1, 0);
  await host.until(() => lost() + world.distinct("billing") === ALL, "each is here or there");
  const sequences = world.recorded("billing").map(({ event }) => event.sequence);
  assertEquals(sequences, sequences.toSorted((a, b) => a - b), "in order");
  assert(lost() > 1000, `${lost()} are lost`);
  const stdout = await done(world, "dead list");
  const { first, last } = book.dropped("billing")[0]!;
  const count = (last - first + 1).toLocaleString("en-US");
  assert(
    stdout.includes(`billing has lost ${count} events (${first} to ${last})`),
    stdout,
  );
  assertEquals(host.log.filter(({ plugin }) => plugin === "after"), [], "nobody else loses any");
});
