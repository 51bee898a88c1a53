/**
 * Full disks under a real host: of the journal, of the store, of a plugin's data. Each is a small
 * file system in memory, which only root may mount; for Wine the harness has.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { IS_WINE } from "../support/is_wine.ts";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";

const EVENTS = 300;
const MIB = 1024 * 1024;

async function run(program: string, ...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args, stdout: "null", stderr: "null" })
    .output();
  return success;
}

/** A disk of a few MiB that can be filled. */
class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(mib: number): Promise<SmallDisk> {
    if (IS_WINE) return new SmallDisk(`Z:\\disk\\${mib}`);
    const disk = new SmallDisk(Deno.makeTempDirSync({ prefix: "onhook-disk-" }));
    const isMounted = await run("mount", "-t", "tmpfs", "-o", `size=${mib}m`, "tmpfs", disk.folder);
    if (!isMounted) throw new RangeError("a tmpfs cannot be mounted");
    return disk;
  }

  /** Leaves no room. */
  fill(): void {
    using file = Deno.openSync(join(this.folder, "filler"), { write: true, create: true });
    const piece = new Uint8Array(4096);
    try {
      while (true) file.writeSync(piece);
    } catch {
      // It is full now.
    }
  }

  /** Gives the room back. */
  empty(): void {
    Deno.removeSync(join(this.folder, "filler"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (IS_WINE) return;
    await run("umount", "-l", this.folder);
    Deno.removeSync(this.folder);
  }
}

/** Whether this machine lets a test mount something. */
async function mayMount(): Promise<boolean> {
  if (IS_WINE) return true;
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await using _disk = await SmallDisk.make(1);
    return true;
  } catch {
    return false;
  }
}

const ignore = !await mayMount();
const why = ignore ? " [skipped: needs a small disk, which root on Linux can make]" : "";

/** All that came, in order, each event with a rising attempt. */
function checkOrder(world: TestWorld, plugin: string, all: number): void {
  const attempts = new Map<number, number>();
  const first: number[] = [];
  for (const { event } of world.recorded(plugin)) {
    const before = attempts.get(event.sequence);
    if (before === undefined) first.push(event.sequence);
    else assert(event.attempt > before, `event ${event.sequence} came again unsaid`);
    attempts.set(event.sequence, event.attempt);
  }
  assertEquals(
    first,
    Array.from({ length: all }, (_, i) => i + 1),
    `first deliveries to ${plugin}`,
  );
}

Deno.test({
  name: `a full disk of the store delays events, and loses none${why}`,
  ignore,
  async fn() {
    await using disk = await SmallDisk.make(8);
    await using world = await TestWorld.make([]);
    await world.writeRegistry([world.recorder("a"), world.recorder("b")]);
    await using host = await HostProcess.start({ ...places(world), folder: disk.folder });
    await world.play({ count: 20, seed: 1 });
    await host.until(() => world.distinct("b") === 22, "events come");
    disk.fill();
    await world.play({ count: EVENTS, seed: 2 });
    await host.untilLog(
      ({ message }) => message.includes("Cannot write the store") && /full/.test(message),
      "the host says that the disk is full",
    );
    disk.empty();
    const all = 22 + EVENTS + 2;
    await host.until(() => world.distinct("b") === all, "all events are delivered");
    for (const id of ["a", "b"]) checkOrder(world, id, all);
  },
});

Deno.test({
  name: `a full disk of the journal loses events, and says exactly how many${why}`,
  ignore,
  async fn() {
    await using disk = await SmallDisk.make(4);
    await using world = await TestWorld.make([]);
    await world.writeRegistry([world.recorder("a")]);
    const journal = join(disk.folder, "hangup.journal");
    disk.fill();
    const ras = startSimulator({
      libraryPath: world.libraryPath,
      journalPath: journal,
      count: 2000,
      ratePerSecond: 250,
      seed: 1,
      hangupsOnly: true,
      progress: false,
    });
    const refused = HostProcess.spawn({ ...places(world), journal });
    assertEquals(await refused.ended(), 3, "the host cannot make the journal either, and says so");
    assert(/journal/.test(refused.stderr), refused.stderr);
    disk.empty();
    const options = [`--journal-bytes=${MIB}`];
    await using host = await HostProcess.start({ ...places(world), journal }, options);
    const result = await ras.done;
    const lost = () =>
      world.recorded("a").reduce(
        (sum, { event }) => sum + (event.type === "gap" ? event.gap.lost : 0),
        0,
      );
    const came = () => world.recorded("a").filter(({ event }) => event.type !== "gap").length;
    await host.until(
      () => came() + lost() >= result!.callouts,
      "every callout came or was counted",
    );
    assertEquals(came() + lost(), result!.callouts);
    assert(lost() > 0 && came() > 0, `${lost()} lost, ${came()} came`);
    checkOrder(world, "a", world.distinct("a"));
  },
});

Deno.test({
  name: `a full disk of a plugin's data is the plugin's failure, its events come again${why}`,
  ignore,
  async fn() {
    await using disk = await SmallDisk.make(1);
    await using world = await TestWorld.make([]);
    const file = join(disk.folder, "records.jsonl");
    await world.writeRegistry([
      {
        ...world.recorder("full", { file }),
        permissions: { write: [file] },
        onFailure: "retry",
        retryCount: 1000,
        retryFirstWaitMs: 200,
      },
      world.recorder("other"),
    ]);
    await Deno.writeTextFile(file, "");
    await using host = await world.startHost();
    disk.fill();
    await world.play({ count: 30, seed: 1 });
    await host.untilLog(
      ({ plugin, message }) => plugin === "full" && /No space|ENOSPC|os error 112/i.test(message),
      "the plugin's failure is told",
    );
    assertEquals(world.distinct("other"), 0, "the plugin behind it waits, as the order wants");
    disk.empty();
    await host.until(() => world.distinct("other") === 32, "all goes on");
    checkOrder(world, "other", 32);
    const lines = Deno.readTextFileSync(file).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(new Set(lines.map(({ event }) => event.sequence)).size, 32);
    assert(lines[0].event.attempt > 1);
  },
});

function places(world: TestWorld): { folder: string; journal: string; registry: string } {
  const { folder, journal, registry } = world;
  return { folder, journal, registry };
}
