// deno-lint-ignore-file no-console
import { fromFileUrl, join } from "@std/path";
import { JournalReader } from "../../host/ffi/journal_reader.ts";
import { type SimulatorHandle, startSimulator } from "../../host/simulator/start_simulator.ts";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import type { ChaosOptions } from "./chaos_options.ts";
import type { Outcome } from "./outcome.ts";
import { checkRecords, RecordCheck } from "./processes/record_check.ts";
import { allSettled, deadLetters } from "./processes/settled_store.ts";
import { childrenOf, signal } from "./processes/victims.ts";
import { SimRandom } from "./simulation/sim_random.ts";

const PLUGINS = ["first", "second", "third"];
const HANGUPS_PER_SECOND = 250;
const SETTLE_LIMIT_MS = 240_000;
/** Nobody is parked, so that nobody may ever go ahead of a plugin before it. */
const HOST_OPTIONS = [
  "--deaths-per-window-max=1000",
  "--backoff-longest-ms=500",
  "--log-level=error",
];

/** What can happen, and how often compared with the rest. */
const DEEDS = {
  killHost: 3,
  stopHost: 1,
  freezeHost: 3,
  killPlugin: 6,
  freezePlugin: 4,
  killRas: 2,
  stopRas: 1,
  freezeRas: 2,
  killAll: 1,
  nothing: 4,
} as const;

/** Real processes, and what is done to them. */
class ProcessWorld {
  readonly world: TestWorld;
  readonly #random: SimRandom;
  readonly done: Record<string, number> = {};
  readonly broken: string[] = [];
  /** How many callouts the simulators made that came to their end, by process. */
  readonly callouts = new Map<number, number>();
  host: HostProcess | undefined;
  ras: SimulatorHandle | undefined;

  constructor(world: TestWorld, random: SimRandom) {
    this.world = world;
    this.#random = random;
  }

  /** Starts what does not run. */
  keepUp(): void {
    if (this.host === undefined) {
      const host = this.host = HostProcess.spawn(this.world, HOST_OPTIONS);
      host.ended().then((code) => {
        if (this.host !== host) return;
        this.broken.push(`the host ended by itself with ${code}: ${host.stderr.slice(-2000)}`);
        this.host = undefined;
      });
    }
    if (this.ras === undefined) this.#startRas();
  }

  #startRas(): void {
    const ras = this.ras = startSimulator({
      libraryPath: this.world.libraryPath,
      journalPath: this.world.journal,
      count: 10_000_000,
      ratePerSecond: HANGUPS_PER_SECOND,
      seed: this.#random.whole(0, 1e9),
      progress: false,
    });
    ras.done.then((result) => {
      if (result !== undefined) this.callouts.set(ras.processId, result.callouts);
    }, (error) => this.broken.push(`the RAS side ended: ${error}`));
  }

  async disturb(): Promise<void> {
    const deed = this.#random.weighted(DEEDS);
    this.done[deed] = (this.done[deed] ?? 0) + 1;
    const { host, ras } = this;
    const plugin = host === undefined ? undefined : this.#pick(childrenOf(host.pid));
    switch (deed) {
      case "killHost":
      case "stopHost":
        return await this.endHost(deed === "killHost");
      case "freezeHost":
        return this.#freeze(host?.pid);
      case "freezePlugin":
        return this.#freeze(plugin);
      case "killPlugin":
        return plugin === undefined ? undefined : signal(plugin, "SIGKILL");
      case "freezeRas":
        return this.#freeze(ras?.processId);
      case "killRas":
        ras?.kill();
        this.ras = undefined;
        return;
      case "stopRas":
        return await this.endRas();
      case "killAll":
        if (plugin !== undefined) signal(plugin, "SIGKILL");
        ras?.kill();
        this.ras = undefined;
        return await this.endHost(true);
    }
  }

  async endHost(byKill: boolean): Promise<void> {
    const { host } = this;
    if (host === undefined) return;
    this.host = undefined;
    signal(host.pid, "SIGCONT");
    const code = await (byKill ? host.kill() : host.stop());
    // Before it is ready it does not listen yet, and ends as the signal says.
    const isStarting = code === 143 && !host.stderr.includes("onhook ready");
    if (!byKill && code !== 0 && !isStarting) {
      this.broken.push(`the host stopped with ${code}: ${host.stderr.slice(-2000)}`);
    }
  }

  async endRas(): Promise<void> {
    const { ras } = this;
    if (ras === undefined) return;
    this.ras = undefined;
    signal(ras.processId, "SIGCONT");
    await ras.stop();
    await ras.done.catch(() => {});
  }

  #freeze(pid: number | undefined): void {
    if (pid === undefined) return;
    signal(pid, "SIGSTOP");
    setTimeout(() => signal(pid, "SIGCONT"), this.#random.whole(20, 1800));
  }

  #pick(pids: readonly number[]): number | undefined {
    return pids.length === 0 ? undefined : this.#random.pick(pids);
  }
}

/**
 * Kills and stops real processes at random, all that there are: the RAS side, the host, plugins.
 * What the plugins wrote down must show afterwards that nothing was lost and nothing out of order.
 * A seed decides on what is done; what comes of it is the machine's.
 */
export async function runProcesses(options: ChaosOptions): Promise<Outcome> {
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = new SimRandom(seed);
  console.log(`# processes: seed ${seed}, ${options.minutes} minutes`);
  await using world = await TestWorld.make([]);
  const file = join(world.folder, "records.txt");
  await Deno.writeTextFile(file, "");
  await world.writeRegistry(PLUGINS.map((id, i) => ({
    id,
    file: fromFileUrl(new URL("./plugins/records.ts", import.meta.url)),
    permissions: { write: [file] },
    config: { file, ...(i === 1 ? { fails: 0.005, dies: 0.0004, hangs: 0.0002, slow: 0.01 } : {}) },
    timeoutMs: 1000,
    onFailure: i === 1 ? "retry" : "skip",
    ...(i === 1 ? { retryFirstWaitMs: 50 } : {}),
  })));
  const processes = new ProcessWorld(world, random);
  let newest = 0;
  try {
    const endMs = Date.now() + options.minutes * 60_000;
    while (Date.now() < endMs && processes.broken.length === 0) {
      processes.keepUp();
      await new Promise((resolve) => setTimeout(resolve, random.whole(50, 900)));
      await processes.disturb();
    }
    processes.keepUp();
    await processes.endRas();
    newest = (await allSettled(world.folder, PLUGINS, SETTLE_LIMIT_MS)).newest;
  } catch (error) {
    processes.broken.push(`${error}: ${processes.host?.stderr.slice(-2000)}`);
  } finally {
    await processes.endRas();
    await processes.endHost(false);
  }
  const check = new RecordCheck(PLUGINS, deadLetters(world.folder));
  await checkRecords(file, check);
  const broken = [
    ...processes.broken,
    ...check.broken,
    ...await judge(world, check, newest, processes),
  ];
  tell(processes, check, newest, broken);
  if (broken.length > 0) {
    console.error(`again: npx -y deno@2.9.5 task chaos processes --seed=${seed}`);
  }
  const outcome = { passed: broken.length === 0 ? 1 : 0, failed: broken.length };
  console.log(`processes: ${outcome.passed} passed, ${outcome.failed} failed`);
  return outcome;
}

/** Compares what the plugins have seen with what the RAS side has made. */
async function judge(
  world: TestWorld,
  check: RecordCheck,
  newest: number,
  processes: ProcessWorld,
): Promise<string[]> {
  const wrong: string[] = [];
  await using reader = JournalReader.open(world.journal, { libraryPath: world.libraryPath });
  const { lostTotal, waitingBytes } = reader.statistics();
  if (waitingBytes > 0) wrong.push(`${waitingBytes} bytes are left in the journal`);
  for (const id of PLUGINS) {
    if (!check.isDone(id, newest)) wrong.push(`${id} ended at ${check.highest(id)} of ${newest}`);
  }
  for (const id of PLUGINS) {
    if (check.lost(id) !== lostTotal) {
      wrong.push(`${id}: gaps tell of ${check.lost(id)} events, ${lostTotal} were lost`);
    }
  }
  for (const [pid, callouts] of processes.callouts) {
    const events = check.eventsOf.get(check.bootOf.get(pid) ?? "") ?? 0;
    if (events > callouts || callouts - events > lostTotal) {
      wrong.push(`a service made ${callouts} callouts, ${events} events of it came`);
    }
  }
  return wrong;
}

function tell(
  { done, callouts }: ProcessWorld,
  check: RecordCheck,
  newest: number,
  broken: readonly string[],
): void {
  const deeds = Object.entries(done).map(([deed, times]) => `${deed} ${times}`).join(", ");
  const again = PLUGINS.map((id) => `${id} ${check.again(id)}`).join(", ");
  console.log(
    `# ${deeds}\n# ${newest} events to ${PLUGINS.length} plugins, ${check.eventsOf.size} service ` +
      `starts (${callouts.size} counted to the end), came again: ${again}; ` +
      `lost and told: ${check.lost(PLUGINS[0]!)}; rules broken: ${broken.length}`,
  );
  for (const what of broken) console.error(`  ${what}`);
}
