import type { Clock } from "./internal/clock.ts";
import { InputError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";
import { planReload, type ReloadPlan } from "./registry/plan_reload.ts";
import type { PluginEntry, Registry } from "./registry/registry_schema.ts";
import type { RegistrySource } from "./registry/registry_source.ts";

/** What a reloader stands on. */
export interface RegistryReloaderOptions {
  readonly source: RegistrySource;
  /** What `--registry` has to say for the commands to mean the same registry. */
  readonly named: string;
  /** The list that the host has started with. */
  readonly registry: Registry;
  /**
   * Takes up another list.
   *
   * @param plugins The enabled plugins in call order.
   * @returns False when that cannot be done yet.
   */
  readonly reload: (plugins: readonly PluginEntry[]) => boolean;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** An editor may change a file in several steps: for so long nothing is read, in milliseconds. */
const SETTLE_MS = 150;

/** A list that is wrong may be half written; it is read again after so long, in milliseconds. */
const SECOND_LOOK_MS = 500;

/** When a change could not be taken up yet, it is tried again after so long, in milliseconds. */
const TRY_AGAIN_MS = 1000;

/**
 * Takes up each change of the registry while the host runs. A list with anything wrong in it changes
 * nothing: the last good one stays in force, and what is wrong is told once.
 */
export class RegistryReloader {
  readonly #options: RegistryReloaderOptions;
  readonly #stopping = new AbortController();
  #inForce: Registry;
  /** What is wrong with the list as it is now. */
  #wrong: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: RegistryReloaderOptions) {
    this.#options = options;
    this.#inForce = options.registry;
  }

  /** The last good list. */
  get inForce(): Registry {
    return this.#inForce;
  }

  /** Begins to look for changes. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Takes up nothing more. @returns When nothing of the registry is looked at any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for await (const _ of this.#options.source.changes(signal)) {
      await this.#wait(SETTLE_MS);
      const registry = await this.#read();
      if (signal.aborted) return;
      if (registry !== undefined) await this.#takeUp(registry);
    }
  }

  /** The list when it can be used. */
  async #read(): Promise<Registry | undefined> {
    const { source } = this.#options;
    try {
      return await source.read();
    } catch {
      await this.#wait(SECOND_LOOK_MS);
    }
    try {
      return await source.read();
    } catch (error) {
      // A registry that cannot be read must not end the host, whatever the system says of it.
      this.#sayWrong(error instanceof Error ? error : new InputError(String(error), []));
      return undefined;
    }
  }

  async #takeUp(registry: Registry): Promise<void> {
    const { reload, log, source } = this.#options;
    const plan = planReload(this.#inForce.plugins, registry.plugins);
    const running = registry.plugins.filter(({ enabled }) => enabled);
    for (let tries = 0; !plan.isNothing && !reload(running); tries++) {
      if (tries === 0) log.info("The registry was changed; many changes wait for plugins already");
      await this.#wait(TRY_AGAIN_MS);
      if (this.#stopping.signal.aborted) return;
    }
    this.#inForce = registry;
    const again = this.#wrong === undefined ? "The registry was changed" : "The registry is right";
    if (this.#wrong === undefined && plan.isNothing) return;
    this.#wrong = undefined;
    log.info(`${again}: ${planWords(plan, running)}`, { registry: source.name });
  }

  #sayWrong(error: Error): void {
    if (this.#stopping.signal.aborted || this.#wrong === error.message) return;
    this.#wrong = error.message;
    const { log, named, source } = this.#options;
    log.error(
      `The changed registry is not taken up, the last good one stays in force: ${error.message}\n` +
        `Mend it, which is noticed; deno task plugin list --registry=${named} checks it`,
      { registry: source.name },
    );
  }

  /** Waits, but not beyond a stop. */
  async #wait(forMs: number): Promise<void> {
    const { signal } = this.#stopping;
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = () => resolve();
    signal.addEventListener("abort", over);
    if (signal.aborted) resolve();
    const timer = this.#options.clock.startTimer(forMs, over);
    await promise;
    timer.cancel();
    signal.removeEventListener("abort", over);
  }
}

/** What changes, in one line. */
function planWords(plan: ReloadPlan, running: readonly PluginEntry[]): string {
  if (plan.isNothing) return "every plugin runs on as it was";
  const parts: string[] = [];
  const add = (what: string, ids: readonly string[]) => {
    if (ids.length > 0) parts.push(`${what} ${ids.join(", ")}`);
  };
  add("added", plan.added);
  add("enabled", plan.enabled);
  add("removed", plan.removed);
  add("disabled", plan.disabled);
  add("changed", plan.changed.map(({ id, keys }) => `${id} (${keys.join(", ")})`));
  add("moved", plan.moved);
  const order = running.map(({ id }) => id).join(", ");
  return `${parts.join("; ")}; called from now on: ${order === "" ? "none" : order}`;
}
