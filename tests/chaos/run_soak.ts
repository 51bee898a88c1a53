// deno-lint-ignore-file no-console
import { fromFileUrl, join } from "@std/path";
import { JournalReader } from "../../host/ffi/journal_reader.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import type { ChaosOptions } from "./chaos_options.ts";
import type { Outcome } from "./outcome.ts";
import { checkRecords, RecordCheck } from "./processes/record_check.ts";
import { allSettled, deadLetters, storeState } from "./processes/settled_store.ts";
import { childrenOf, residentBytes } from "./processes/victims.ts";

const PLUGINS = ["first", "second", "third"];
const RATE = 20_000;
const MIB = 1024 * 1024;
/** Holds all events of a soak, so that a slow machine loses none. */
const JOURNAL_BYTES = 1024 * MIB;
/** What the host may grow by after its first fifth of the events, in MiB. */
const GROWTH_MIB_MAX = 16;
const LOOK_MS = 1000;
const HOST_OPTIONS = [
  `--journal-bytes=${JOURNAL_BYTES}`,
  "--deaths-per-window-max=1000",
  "--log-level=error",
];

/** What has been seen of the memory, in bytes. */
interface Memory {
  /** The host's, at the first fifth and at the end, each the most of three looks. */
  early: number;
  late: number;
  host: number;
  plugin: number;
}

/**
 * Moves as many events as are asked for through three plugins that die, fail and hang at random,
 * and holds the delivery rules against what they wrote down.
 */
export async function runSoak({ events }: ChaosOptions): Promise<Outcome> {
  await using world = await TestWorld.make([]);
  const file = join(world.folder, "records.txt");
  await Deno.writeTextFile(file, "");
  await world.writeRegistry(PLUGINS.map((id) => ({
    id,
    file: fromFileUrl(new URL("./plugins/records.ts", import.meta.url)),
    permissions: { write: [file] },
    config: { file, dies: 0.000_05, fails: 0.000_1, hangs: 0.000_005 },
    timeoutMs: 1000,
  })));
  const startedMs = Date.now();
  await using host = await HostProcess.start(world, HOST_OPTIONS);
  const ras = startSimulator({
    libraryPath: world.libraryPath,
    journalPath: world.journal,
    count: events,
    ratePerSecond: RATE,
    seed: 1,
    hangupsOnly: true,
    progress: false,
  });
  const memory: Memory = { early: 0, late: 0, host: 0, plugin: 0 };
  const over = new AbortController();
  const watching = watch(host.pid, world, events, memory, over.signal);
  const result = await ras.done;
  const { newest } = await allSettled(world.folder, PLUGINS, 3_600_000);
  const seconds = (Date.now() - startedMs) / 1000;
  over.abort();
  await watching;
  const deaths = host.log.filter(({ message }) => message.includes("process ended:")).length;
  const exitCode = await host.stop();
  const check = new RecordCheck(PLUGINS, deadLetters(world.folder));
  await checkRecords(file, check);
  const wrong = [...check.broken, ...await judge(world, check, newest, result!.callouts)];
  if (exitCode !== 0) wrong.push(`the host stopped with ${exitCode}`);
  const growth = (memory.late - memory.early) / MIB;
  if (growth > GROWTH_MIB_MAX) wrong.push(`the host grew by ${growth.toFixed(1)} MiB`);
  const again = PLUGINS.map((id) => check.again(id)).join(" + ");
  console.log(
    `# soak: ${newest} events to ${PLUGINS.length} plugins in ${seconds.toFixed(0)} s ` +
      `(${Math.round(newest / seconds)} events/s), plugins died ${deaths} times, came again: ` +
      `${again}\n# lost: ${check.lost(PLUGINS[0]!)}, rules broken: ${check.broken.length}; host ` +
      `${mib(memory.early)} at a fifth, ${mib(memory.late)} at the end, most ` +
      `${mib(memory.host)}; largest plugin ${mib(memory.plugin)}`,
  );
  for (const what of wrong) console.error(`  ${what}`);
  console.log(`soak: ${wrong.length === 0 ? 1 : 0} passed, ${wrong.length} failed`);
  return { passed: wrong.length === 0 ? 1 : 0, failed: wrong.length };
}

/** Looks at the memory as long as it goes on. */
async function watch(
  host: number,
  world: TestWorld,
  events: number,
  memory: Memory,
  signal: AbortSignal,
): Promise<void> {
  const recent: number[] = [];
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    recent.push(residentBytes(host));
    if (recent.length > 3) recent.shift();
    const most = Math.max(...recent);
    memory.host = Math.max(memory.host, most);
    memory.plugin = Math.max(memory.plugin, ...childrenOf(host).map(residentBytes));
    const { settled } = storeState(world.folder, PLUGINS);
    if (settled > events / 5 && memory.early === 0) memory.early = most;
    if (settled > 0 && settled < events) memory.late = most;
  }
}

/** Compares what the plugins have seen with what the RAS side has made. */
async function judge(
  world: TestWorld,
  check: RecordCheck,
  newest: number,
  callouts: number,
): Promise<string[]> {
  await using reader = JournalReader.open(world.journal, { libraryPath: world.libraryPath });
  const { lostTotal } = reader.statistics();
  const wrong = lostTotal === 0 ? [] : [`${lostTotal} events were lost in the journal`];
  if (newest !== callouts) wrong.push(`${callouts} callouts were made, ${newest} events came`);
  for (const id of PLUGINS) {
    if (!check.isDone(id, newest)) wrong.push(`${id} ended at ${check.highest(id)}`);
  }
  return wrong;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
