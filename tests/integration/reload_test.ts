/** The registry and the plugins' files change while the real host delivers to real processes. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { editRegistry } from "../../host/registry/edit_registry.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import type { HostProcess } from "../support/host_process.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

/** Hangups come until all edits are through. */
function storm(world: TestWorld, count: number): { readonly done: Promise<unknown> } {
  return startSimulator({
    libraryPath: world.libraryPath,
    journalPath: world.journal,
    count,
    ratePerSecond: 500,
    hangupsOnly: true,
    progress: false,
  });
}

const upTo = (count: number, from = 1) =>
  Array.from({ length: count - from + 1 }, (_, i) => i + from);

function sequences(world: TestWorld, plugin: string): number[] {
  return world.recorded(plugin).map(({ event }) => event.sequence);
}

/** For each event, who of two recorded it first: a letter for each event in sequence. */
function whoIsFirst(world: TestWorld, one: string, other: string): string {
  const first = new Map<number, string>();
  for (const { plugin, event } of world.recorded()) {
    if ([one, other].includes(plugin) && !first.has(event.sequence)) {
      first.set(event.sequence, plugin === one ? "1" : "2");
    }
  }
  return [...first].toSorted(([a], [b]) => a - b).map(([, who]) => who).join("");
}

async function edited(
  host: HostProcess,
  edit: () => Promise<unknown>,
  word: string,
): Promise<void> {
  const seen = host.log.length;
  await edit();
  const isSaid = () =>
    host.log.slice(seen).some(({ message }) =>
      message.startsWith("The registry ") && message.includes(word)
    );
  await host.until(isSaid, `the host says that it has taken up "${word}"`);
}

Deno.test("a registry edit takes effect without restart and without losing or reordering an event", async () => {
  await using world = await TestWorld.make([]);
  const [one, two, late] = ["one", "two", "late"].map((id) => world.recorder(id)) as [
    TestPlugin,
    TestPlugin,
    TestPlugin,
  ];
  await world.writeRegistry([one, two]);
  await using host = await world.startHost();
  const write = (plugins: TestPlugin[]) => () => world.writeRegistry(plugins);
  let all = 0;
  const edit = async (change: () => Promise<unknown>, word: string) => {
    const hangups = 300;
    const before = world.distinct("two");
    const playing = world.play({ count: hangups, ratePerSecond: 500 });
    await host.until(() => world.distinct("two") >= before + 50, "events come");
    await edited(host, change, word);
    await playing;
    all += hangups + 2;
  };
  await edit(write([late, one, two]), "added late");
  await edit(write([late, two, one]), "moved");
  const granted = { ...one, permissions: { ...one.permissions, env: ["ONHOOK_TEST"] } };
  await edit(write([late, two, granted]), "changed one (permissions)");
  await edit(
    () => editRegistry(world.registry, { kind: "disable", id: "late" }),
    "disabled late",
  );
  // What it had been handed by then it settles before the others, however long that takes.
  for (const id of ["one", "two"]) {
    await host.until(() => world.distinct(id) === all, `${id} has what came up to the edit`);
  }
  const gone = world.distinct("late");
  await editRegistry(world.registry, { kind: "remove", id: "late" });
  await edit(write([{ ...two, timeoutMs: 4000 }, granted]), "changed two (timeoutMs)");
  for (const id of ["one", "two"]) {
    await host.until(() => world.distinct(id) === all, `${id} has all ${all} events`);
    assertEquals(sequences(world, id), upTo(all), `${id}: each event once, in sequence`);
  }
  assert(
    /^1+2+$/.test(whoIsFirst(world, "one", "two")),
    "one order up to an event, then the other",
  );
  const lateOnes = sequences(world, "late");
  assertEquals(lateOnes, upTo(lateOnes.at(-1)!, lateOnes[0]), "from one event up to another");
  assertEquals(lateOnes.length, gone, "nothing of what came after it was disabled");
  assert(lateOnes[0]! > 1);
  assertEquals(host.log.filter(({ level }) => level === "ERROR"), []);
});

Deno.test("the last good registry stays in force while the new one is wrong", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("one"), world.recorder("two")]);
  await using host = await world.startHost();
  const count = 1500;
  const hangups = storm(world, count);
  const good = await Deno.readTextFile(world.registry);
  const errors = () => host.log.filter(({ level }) => level === "ERROR");
  await Deno.writeTextFile(world.registry, good.slice(0, -20));
  await host.until(() => errors().length === 1, "the host says that it is wrong");
  await Deno.writeTextFile(world.registry, good.replaceAll('"id"', '"name"'));
  await host.until(() => errors().length === 2, "the host says what is wrong now");
  // The same problems once more, and a touch, are nothing new.
  await Deno.writeTextFile(world.registry, `${good.replaceAll('"id"', '"name"')} `);
  await Deno.remove(world.registry);
  await host.until(() => errors().length === 3, "the host says that the file is missing");
  await edited(host, () => Deno.writeTextFile(world.registry, good), "every plugin runs on");
  await hangups.done;
  for (const id of ["one", "two"]) {
    await host.until(() => world.distinct(id) === count + 2, `${id} has all events`);
    assertEquals(sequences(world, id), upTo(count + 2));
  }
  const [cut, named, missing] = errors().map(({ message }) => message);
  assert(cut?.includes("the last good one stays in force"), cut);
  assert(cut?.includes(`deno task plugin list --registry=${world.registry}`), cut);
  assertEquals(named?.match(/: found .*, wanted /g)?.length, 4, `all problems at once: ${named}`);
  assert(missing?.includes("found no such file"), missing);
  assertEquals(errors().length, 3);
});

Deno.test("no event is lost or reordered when the host is killed in the middle of a reload", async () => {
  await using world = await TestWorld.make([]);
  const three = ["one", "two", "three"].map((id) => world.recorder(id, { delayMs: 5 }));
  await world.writeRegistry(three);
  const count = 900;
  const hangups = storm(world, count);
  const few = ["--frame-events-max=4"];
  for (let kill = 1; kill <= 4; kill++) {
    const host = await world.startHost(few);
    await host.until(() => world.distinct("three") >= kill * 60, `kill ${kill} is due`);
    // Every process is to be started again, in another order.
    const [first, ...rest] = three.map((plugin) => ({ ...plugin, timeoutMs: 5000 + kill }));
    three.splice(0, 3, ...rest, first!);
    await edited(host, () => world.writeRegistry(three), "changed");
    await host.kill();
  }
  await using host = await world.startHost(few);
  await hangups.done;
  for (const { id } of three) {
    await host.until(() => world.distinct(id) === count + 2, `${id} has all events`);
    const seen = new Set<number>();
    const first: number[] = [];
    for (const { event } of world.recorded(id)) {
      if (!seen.has(event.sequence)) first.push(event.sequence);
      else assert(event.attempt > 1, `event ${event.sequence} came again unsaid`);
      seen.add(event.sequence);
    }
    assertEquals(first, upTo(count + 2), `first deliveries to ${id}`);
  }
  // "one" was first, last, in the middle, first and last again: before "two" or behind it.
  assert(/^1+2+1+2+$/.test(whoIsFirst(world, "one", "two")), whoIsFirst(world, "one", "two"));
});

Deno.test("a permission is there after the edit that grants it, and gone after the one that takes it", async () => {
  await using world = await TestWorld.make([]);
  const secret = join(world.folder, "secret.txt");
  await Deno.writeTextFile(secret, "the secret");
  const plugin = { id: "reader", file: "attempt", config: { what: "read", target: secret } };
  await world.writeRegistry([plugin]);
  await using host = await world.startHost();
  const said = (word: string, times: number) =>
    host.until(
      () => host.log.filter(({ message }) => message === word).length === times,
      `the plugin says ${word}`,
    );
  await said("REFUSED", 1);
  await world.writeRegistry([{ ...plugin, permissions: { read: [secret] } }]);
  await said("GOT IN", 1);
  await world.writeRegistry([plugin]);
  await said("REFUSED", 2);
});

/** A plugin in a folder of its own that a test rewrites. */
class WrittenPlugin {
  readonly entry: TestPlugin;
  readonly #file: string;

  constructor(world: TestWorld) {
    const folder = join(world.folder, "written");
    Deno.mkdirSync(folder);
    this.#file = join(folder, "mod.ts");
    this.entry = { ...world.recorder("written"), file: this.#file };
    Deno.writeTextFileSync(join(folder, "word.ts"), 'export const word = "first";\n');
  }

  word(word: string): void {
    const file = this.#file.replace("mod.ts", "word.ts");
    Deno.writeTextFileSync(file, `export const word = "${word}";\n`);
  }

  write(body: string): void {
    Deno.writeTextFileSync(
      this.#file,
      `import { word } from "./word.ts";
       export default {
         onStart(ctx: any) { ctx.log.info("started: " + word); },
         onEvent(event: any, ctx: any) {
           using file = Deno.openSync(ctx.config.file, { append: true });
           if (Deno.build.os === "windows") file.lockSync(true);
           const line = JSON.stringify({ plugin: "written", event }) + "\\n";
           file.writeSync(new TextEncoder().encode(line));
         },
       };
       ${body}`,
    );
  }
}

Deno.test("a changed plugin file takes effect when watching is on, no event is lost or reordered", async () => {
  await using world = await TestWorld.make([]);
  const written = new WrittenPlugin(world);
  written.write("");
  await world.writeRegistry([written.entry, world.recorder("after")]);
  await using host = await world.startHost(["--watch"]);
  const count = 4000;
  const hangups = storm(world, count);
  const said = (message: string) =>
    host.untilLog((line) => line.message.includes(message), message);
  const parked = () =>
    host.log.filter(({ message }) => message.startsWith("The plugin is parked")).length;
  await said("started: first");
  await host.until(() => world.distinct("after") > 100, "events flow");
  written.word("second");
  await said("started: second");
  written.write("this is no code");
  await said("The plugin is parked");
  written.write("");
  written.word("third");
  await said("started: third");
  // What is wrong is in a file that the module imports.
  written.word('fourth"; this is no code; "');
  await host.until(() => parked() === 2, "it is parked again");
  written.word("fifth");
  await said("started: fifth");
  await hangups.done;
  for (const id of ["written", "after"]) {
    await host.until(() => world.distinct(id) === count + 2, `${id} has all events`);
    assertEquals(sequences(world, id), upTo(count + 2), `${id}: each event once, in sequence`);
  }
});

Deno.test("a changed plugin file changes nothing when watching is off, which is the default", async () => {
  await using world = await TestWorld.make([]);
  const written = new WrittenPlugin(world);
  written.write("");
  await world.writeRegistry([written.entry]);
  await using host = await world.startHost();
  await host.untilLog(({ message }) => message === "started: first", "it runs");
  written.word("second");
  // Longer than it takes when watching is on.
  await world.play({ count: 1500, ratePerSecond: 500 });
  await host.until(() => world.distinct("written") === 1502, "all events are through");
  assertEquals(host.log.filter(({ message }) => message.startsWith("started:")).length, 1);
});
