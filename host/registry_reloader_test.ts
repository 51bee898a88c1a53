import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "./internal/_fake_clock.ts";
import { InputError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";
import { fakeEntry as entry } from "./registry/_fake_entry.ts";
import type { PluginEntry, Registry } from "./registry/registry_schema.ts";
import { RegistryReloader } from "./registry_reloader.ts";

const list = (ids: string): PluginEntry[] => [...ids].map((id) => entry(id));
const wrong = (place: string): InputError =>
  new InputError("Cannot read the registry", [
    { source: "/registry.json", place, found: "this", wanted: "that" },
  ]);

/** A reloader on a registry that a test edits. */
class Bench implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly taken: string[] = [];
  /** What a reading gives, the last one again and again. */
  readings: (readonly PluginEntry[] | Error)[];
  reads = 0;
  isFull = false;
  readonly #reloader: RegistryReloader;
  #change = Promise.withResolvers<void>();

  constructor(before: readonly PluginEntry[]) {
    this.readings = [before];
    const say = (message: string) => void this.said.push(message);
    const log: HostLog = { debug: say, info: say, warn: say, error: say };
    this.#reloader = new RegistryReloader({
      source: {
        name: "/registry.json",
        read: () => this.#read(),
        changes: (signal) => this.#changes(signal),
      },
      named: "/registry.json",
      registry: { source: "/registry.json", plugins: before },
      reload: (plugins) => {
        if (!this.isFull) this.taken.push(plugins.map(({ id }) => id).join(""));
        return !this.isFull;
      },
      clock: this.clock,
      log,
    });
    this.#reloader.start();
  }

  #read(): Promise<Registry> {
    this.reads++;
    const reading = this.readings.length > 1 ? this.readings.shift()! : this.readings[0]!;
    if (reading instanceof Error) return Promise.reject(reading);
    return Promise.resolve({ source: "/registry.json", plugins: reading });
  }

  async *#changes(signal: AbortSignal): AsyncGenerator<void, void, void> {
    signal.addEventListener("abort", () => this.#change.resolve());
    while (!signal.aborted) {
      yield;
      await this.#change.promise;
      this.#change = Promise.withResolvers();
    }
  }

  /** The registry says something else now. */
  async edit(...readings: (readonly PluginEntry[] | Error)[]): Promise<void> {
    this.readings = readings;
    this.#change.resolve();
    await this.clock.advance(2000);
  }

  stop(): Promise<void> {
    return this.#reloader.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    assertEquals(this.clock.timers, 0);
  }
}

async function bench(before: readonly PluginEntry[] = list("ab")): Promise<Bench> {
  const made = new Bench(before);
  await made.clock.advance(2000);
  return made;
}

Deno.test("RegistryReloader takes up a change and says in one line what it is", async () => {
  await using it = await bench();
  assertEquals([it.taken, it.said], [[], []], "nothing has changed yet");
  await it.edit([entry("c"), entry("b", { timeoutMs: 10, memoryMb: 64 }), entry("a")]);
  await it.edit([entry("a", { enabled: false }), entry("c")]);
  await it.edit(list("ac"));
  await it.edit([]);
  assertEquals(it.taken, ["cba", "c", "ac", ""]);
  assertEquals(it.said, [
    "The registry was changed: added c; changed b (timeoutMs, memoryMb); moved a; " +
    "called from now on: c, b, a",
    "The registry was changed: removed b; disabled a; called from now on: c",
    "The registry was changed: enabled a; called from now on: a, c",
    "The registry was changed: removed a, c; called from now on: none",
  ]);
});

Deno.test("RegistryReloader takes up what changed between the start's reading and the watching", async () => {
  const it = new Bench(list("ab"));
  it.readings = [list("b")];
  await it.clock.advance(2000);
  await using _ = it;
  assertEquals(it.taken, ["b"]);
});

Deno.test("RegistryReloader keeps the last good list when the new one is wrong, and says so once", async () => {
  await using it = await bench();
  await it.edit(wrong("plugins[0].path"));
  await it.edit(wrong("plugins[0].path"));
  await it.edit(wrong("plugins[1].id"));
  assertEquals(it.taken, []);
  assertEquals(it.said.length, 2, "each problem once, however often it is read");
  const [first, second] = it.said;
  assert(first?.includes("the last good one stays in force"), first);
  assert(first?.includes("plugins[0].path: found this, wanted that"), first);
  assert(first?.includes("deno task plugin list --registry=/registry.json"), first);
  assert(second?.includes("plugins[1].id"), second);
});

Deno.test("RegistryReloader says when the list is right again, also when nothing else changed", async () => {
  await using it = await bench();
  await it.edit(wrong("plugins"));
  await it.edit(list("ab"));
  await it.edit(wrong("plugins"));
  await it.edit(list("ba"));
  assertEquals(it.taken, ["ba"]);
  assertEquals(it.said.filter((line) => line.startsWith("The registry")), [
    "The registry is right: every plugin runs on as it was",
    "The registry is right: moved a; called from now on: b, a",
  ]);
});

Deno.test("RegistryReloader reads a wrong list a second time: it may have been half written", async () => {
  await using it = await bench();
  await it.edit(wrong("line 3"), list("a"));
  assertEquals(it.taken, ["a"]);
  assertEquals(it.said, ["The registry was changed: removed b; called from now on: a"]);
});

Deno.test("RegistryReloader takes a change up later when plugins have too many to go through", async () => {
  await using it = await bench();
  it.isFull = true;
  await it.edit(list("ba"));
  assertEquals(it.said, ["The registry was changed; many changes wait for plugins already"]);
  it.isFull = false;
  await it.clock.advance(1000);
  assertEquals(it.taken, ["ba"]);
});

Deno.test("RegistryReloader.stop() takes up nothing more, and ends a wait", async () => {
  const it = await bench();
  it.readings = [list("b")];
  const edited = it.edit(list("b"));
  await it.stop();
  await edited;
  assertEquals([it.taken, it.clock.timers], [[], 0]);
});

Deno.test("RegistryReloader does not end with an error that nobody foresaw", async () => {
  await using it = await bench();
  await it.edit(new TypeError("the disk is gone"));
  await it.edit(list("a"));
  assert(it.said[0]?.includes("the disk is gone"));
  assertEquals(it.taken, ["a"]);
});
