import { join } from "@std/path";
import type { Config } from "../../../host/config_schema.ts";
import type { LogFields } from "../../../host/internal/host_log.ts";
import { systemClock } from "../../../host/internal/clock.ts";
import type { PluginEntry } from "../../../host/registry/registry_schema.ts";
import type { RegistrySource } from "../../../host/registry/registry_source.ts";
import { askHost } from "../../../host/store/ask_host.ts";
import { DeadLetterBook } from "../../../host/store/dead_letter_book.ts";
import { DeliveryRules, type RulesWorld } from "./delivery_rules.ts";
import { HostLife, type HostSurroundings } from "./host_life.ts";
import { CALM, drawTemper, type PluginTemper } from "./plugin_temper.ts";
import { SIM_CONFIG, simEntry } from "./sim_limits.ts";
import { SimJournal } from "./sim_journal.ts";
import { SimRandom } from "./sim_random.ts";
import { SimTime } from "./sim_time.ts";
import type { StoreFault } from "./store_faults.ts";

const STORE_FILES = ["onhook.sqlite", "onhook.sqlite-wal"];

/** Everything that a simulation consists of, and what can be done to it. */
export class SimWorld implements HostSurroundings, RulesWorld, Disposable {
  readonly time = new SimTime();
  readonly random: SimRandom;
  readonly journal: SimJournal;
  readonly config: Config;
  readonly rules: DeliveryRules;
  /** What the host has said, with the time, newest last. */
  readonly said: string[] = [];
  #all: readonly PluginEntry[];
  readonly #away = new Set<string>();
  #edited = Promise.withResolvers<void>();
  readonly #tempers = new Map<string, PluginTemper>();
  readonly #losesPower: boolean;
  #life: HostLife | undefined;
  storeFault: { readonly kind: StoreFault; readonly share: number } | undefined;
  changedMs = 0;

  /** @param folder An empty folder for the store. */
  constructor(seed: number, folder: string) {
    this.random = new SimRandom(seed);
    const { random } = this;
    this.journal = new SimJournal(random.pick([1024, 4096, 65536]));
    this.#losesPower = random.chance(0.2);
    this.config = {
      ...SIM_CONFIG,
      stateFolder: join(folder, "state"),
      storeBytesMax: random.chance(0.3) ? 4096 : SIM_CONFIG.storeBytesMax,
      frameEventsMax: random.pick([1, 3, 6, 20]),
      recentBytesMax: random.pick([256, 2048, 65536]),
    };
    const kinds = ["skip", "retry", "hold"];
    this.#all = Array.from(
      { length: random.whole(1, 4) },
      (_, i) => simEntry(`${random.pick(kinds)}-${i}`),
    );
    this.rules = new DeliveryRules(this);
    this.time.onThrow = (thrown) => {
      const words = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
      this.rules.fail("host", `a timer or an answer made it throw ${words}`);
    };
    for (const { id } of this.#all) this.changeTemper(id);
  }

  get nowMs(): number {
    return this.time.nowMs;
  }

  get frameEventsMax(): number {
    return this.config.frameEventsMax;
  }

  get parkedRetryMs(): number {
    return this.config.parkedRetryMs;
  }

  get plugins(): readonly PluginEntry[] {
    return this.#all.filter(({ id }) => !this.#away.has(id));
  }

  readonly registrySource: RegistrySource = {
    name: "registry",
    read: () => Promise.resolve({ source: "registry", plugins: this.plugins }),
    changes: (signal) => this.#edits(signal),
  };

  lineUp(): { readonly newest: number; readonly ids: readonly string[] } | undefined {
    return this.#life?.lineUp();
  }

  /** The host that runs; one that has died is buried first. */
  get life(): HostLife | undefined {
    if (this.#life !== undefined && !this.#life.isHostAlive) this.#bury();
    return this.#life;
  }

  stateOf(plugin: string): string | undefined {
    return this.#life?.stateOf(plugin);
  }

  temperOf(plugin: string): PluginTemper {
    return this.#tempers.get(plugin)!;
  }

  /** A plugin behaves in another way from now on. */
  changeTemper(plugin: string, temper = drawTemper(this.random)): void {
    this.#tempers.set(plugin, temper);
  }

  readonly say = (message: string, fields: LogFields = {}): void => {
    const plugin = fields["plugin"] === undefined ? "" : `${fields["plugin"]}: `;
    if (message.startsWith("The plugin is released")) {
      this.rules.record(fields["plugin"] as string).released();
    }
    if (message.startsWith("The registry was changed")) this.rules.noticeLineUp();
    if (/^The plugin is parked|the event is held/.test(message)) {
      this.rules.record(fields["plugin"] as string).isExempt = true;
    }
    this.said.push(`${Math.floor(this.time.nowMs)} ms: ${plugin}${message}`);
  };

  /** Events come. */
  come(count: number): void {
    for (let i = 0; i < count; i++) {
      const state = this.random.chance(0.02)
        ? this.random.pick(["torn", "damaged"] as const)
        : "published";
      this.journal.write(this.random, state);
    }
    this.life?.wake();
  }

  /** The host is started, unless it runs. */
  async start(): Promise<void> {
    if (this.life !== undefined) return;
    const life = this.#life = new HostLife(this);
    if (await life.begin()) return;
    this.#bury();
  }

  /** The host ends without a word; with a loss of power, what was not durable is gone. */
  kill(withPower: boolean): void {
    if (this.life === undefined) return;
    this.#bury();
    if (withPower || !this.#losesPower) return;
    this.say("the power fails");
    this.#remove("onhook.sqlite-shm");
    for (const name of STORE_FILES) this.#copy(`${name}.durable`, name);
    this.rules.powerLost();
  }

  async stop(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    await life.stop();
    this.#bury();
  }

  /** Somebody mends the plugins' files. */
  mend(): void {
    this.changedMs++;
    for (const { id } of this.#all) this.rules.record(id).mayBeReleased = true;
  }

  /** Somebody edits the registry: a plugin is taken out, put back or changed. */
  edit(): void {
    const { id } = this.random.pick(this.#all);
    if (this.random.chance(0.4)) {
      const timeoutMs = this.random.pick([800, 1000, 1200]);
      this.#all = this.#all.map((entry) => entry.id === id ? { ...entry, timeoutMs } : entry);
      this.rules.record(id).edited(this.time.nowMs);
    } else if (!this.#away.delete(id) && this.plugins.length > 1) {
      this.#away.add(id);
      this.rules.record(id).wasAway = true;
    }
    this.say(`the registry has ${this.plugins.map((it) => `${it.id} ${it.timeoutMs}`).join(", ")}`);
    this.#edited.resolve();
    this.#edited = Promise.withResolvers<void>();
  }

  /** Yields when the registry has been edited. */
  async *#edits(signal: AbortSignal): AsyncGenerator<void> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => aborted.resolve());
    yield;
    while (!signal.aborted) {
      await Promise.race([this.#edited.promise, aborted.promise]);
      if (!signal.aborted) yield;
    }
  }

  /** All plugins are in the registry. */
  bringBack(): void {
    this.#away.clear();
  }

  /** Somebody uses a command. */
  ask(what: "release" | "redrive" | "drop"): void {
    const folder = this.config.stateFolder;
    const { id } = this.random.pick(this.plugins);
    if (this.life === undefined) return;
    if (what === "release") {
      if (!this.life.look((view) => view.cursors().has(id))) return;
      askHost(folder, "release", id);
      this.rules.record(id).mayBeReleased = true;
      return;
    }
    using book = DeadLetterBook.open(folder, "write");
    const letters = [...book.list({ plugin: id })];
    if (letters.length === 0) return;
    const { sequence } = this.random.pick(letters);
    if (what === "redrive") {
      const one = this.random.chance(0.5) ? { sequence } : {};
      book.askRedrive({ plugin: id, ...one }, systemClock.now());
    }
  }

  /** Nothing goes wrong any more. */
  async calmDown(): Promise<void> {
    this.storeFault = undefined;
    for (const { id } of this.#all) this.changeTemper(id, CALM);
    const { life } = this;
    if (life !== undefined) life.dieAfter = 0;
    if (this.#away.size > 0) {
      await this.stop();
      this.bringBack();
    }
    await this.start();
  }

  makeDurable(): void {
    if (this.#losesPower) { for (const name of STORE_FILES) this.#copy(name, `${name}.syncing`); }
  }

  madeDurable(): void {
    if (!this.#losesPower) return;
    for (const name of STORE_FILES) this.#copy(`${name}.syncing`, `${name}.durable`);
  }

  /** Looks at everything that has to hold at any time. */
  check(): void {
    for (const process of this.life?.processes ?? []) {
      this.rules.holdLimit(process, process.entry.timeoutMs);
    }
  }

  [Symbol.dispose](): void {
    this.#bury();
  }

  #bury(): void {
    this.#life?.bury();
    this.#life = undefined;
  }

  /** The file `to` becomes what the file `from` is, or is gone like it. */
  #copy(from: string, to: string): void {
    const folder = this.config.stateFolder;
    try {
      Deno.copyFileSync(join(folder, from), join(folder, to));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      this.#remove(to);
    }
  }

  #remove(name: string): void {
    try {
      Deno.removeSync(join(this.config.stateFolder, name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
