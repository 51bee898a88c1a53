/** Everything that a plugin's process can say at the wrong moment; its neighbours lose nothing. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { HostProcess, LogLine } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";

const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));
const HANGUPS = 20;
const ALL = HANGUPS + 2;

interface Lie {
  /** What it does while it is loaded, on event 6, and when it is stopped; see `speaker.ts`. */
  readonly load?: string;
  readonly event?: string;
  readonly stop?: string;
}

/** Puts the liar between two recorders; both must get every event once and in order. */
async function besideNeighbours(
  lie: Lie,
  check: (host: HostProcess, lines: LogLine[]) => Promise<void> | void = () => {},
): Promise<void> {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    world.recorder("before"),
    { id: "bad", file: SPEAKER, timeoutMs: 500, config: { ...lie } },
    world.recorder("after"),
  ]);
  await using host = await world.startHost([
    "--backoff-first-ms=20",
    "--start-timeout-ms=20000",
    "--deaths-per-window-max=2",
  ]);
  await world.play({ count: HANGUPS, seed: 11 });
  for (const id of ["before", "after"]) {
    await host.until(() => world.distinct(id) === ALL, `${id} has all events`);
    const sequences = world.recorded(id).map(({ event }) => event.sequence);
    assertEquals(sequences, Array.from({ length: ALL }, (_, i) => i + 1), id);
  }
  await check(host, host.log.filter(({ plugin }) => plugin === "bad"));
  assertEquals(await host.stop(), 0);
  const ofOthers = host.log.filter(({ plugin }) => plugin !== undefined && plugin !== "bad");
  assertEquals(ofOthers, [], "nobody else is spoken of");
}

function isKilled(name: string, lie: Lie, words: string): void {
  Deno.test(
    `a plugin that ${name} is killed; its neighbours lose nothing`,
    () =>
      besideNeighbours(lie, async (host) => {
        await host.untilLog(
          ({ message }) => message.includes(`it broke the protocol with ${words}`),
          "it is told",
        );
      }),
  );
}

function isHarmless(name: string, lie: Lie, check?: Parameters<typeof besideNeighbours>[1]): void {
  Deno.test(`a plugin that ${name} harms nobody`, () => besideNeighbours(lie, check));
}

isKilled("settles before it is ready", { load: "settledAhead" }, "an answer for event 1000000");
isKilled("settles event 0", { event: "settledZero" }, "an answer for event 0");
isKilled(
  "settles what it was not handed",
  { event: "settledAhead" },
  "an answer for event 1000006",
);
isKilled("settles beyond all numbers", { event: "settledUnsafe" }, "a settled message");
isKilled("settles in too few bytes", { event: "settledShort" }, "a settled message");
isKilled("settles in a bin that is none", { event: "settledBadBin" }, "a settled message");
isKilled("fails on another event", { event: "failedOther" }, "a failure of event 9");
isKilled("fails twice on an event", { event: "failedTwice" }, "a failure of event 6");
isKilled("fails before it is ready", { load: "failedEarly" }, "a failure of event 1");
isKilled("fails on a number that is none", { event: "failedHuge" }, "a message that is malformed");
isKilled("says what nobody knows", { event: "unknownKind" }, "a message of the unknown kind 99");
isKilled(
  "speaks another version of the protocol",
  { load: "readyInAnotherVersion" },
  "version 99 of it, expected ",
);
isKilled("sends no JSON", { event: "noJson" }, "a message that is no JSON");
isKilled("adds keys", { event: "extraKeys" }, "a message that is malformed");
isKilled("names 33 handlers", { event: "manyHandlers" }, "a message that is malformed");
isKilled("sends a frame of no length", { event: "lengthZero" }, "a frame of 0 bytes");
isKilled("sends a frame of 4 GiB", { event: "lengthTooLong" }, "a frame of 4294967295 bytes");

isHarmless("dies within a frame", { event: "truncated" });
isHarmless("says that it is ready before it is", { load: "readyAgain" });
isHarmless("says that it has stopped before it is ready", { load: "stopped" });
isHarmless("says while it is stopped that it has settled more", { stop: "settledAhead" });
isHarmless("never ends when it is stopped", { stop: "neverAndBusy" });
isHarmless("never reads what it is sent", { event: "neverReadsStdin" });
isHarmless("closes its output", { event: "closesStdout" });
isHarmless("spins in workers of its own", { event: "spinsInWorkers" });
isHarmless("pollutes prototypes through its log", { event: "protoFields" }, (_, lines) => {
  assert(lines.some(({ message }) => message === "proto"));
  assert(!lines.some((line) => "polluted" in line));
});
isHarmless("nests its log 1900 deep", { event: "deepFields" }, (_, lines) => {
  assert(lines.some(({ message }) => message === "deep"));
});
isHarmless("sends broken UTF-8", { event: "brokenUtf8" }, (_, lines) => {
  assert(lines.some(({ message }) => message === "utf \ufffd X"));
});
