import { type Backlog, runBacklog } from "../backlog.ts";
import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import { type RawPipes, rawPipes } from "../bare/raw_pipes.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";
import { writeEntries } from "../write_entries.ts";

const PLUGINS = 3;
const LIMIT_MS = 120_000;
/** Nearly what a journal of the standard size holds. */
const HANGUPS = 250_000;
const HANGUPS_QUICK = 150_000;

/**
 * How many events a second go the whole way: from the journal through the store to three plugins
 * that do nothing, one after the other, until all have settled them and the events would outlive a
 * loss of power. In turns with bare pipes, so that what disturbs one disturbs the other.
 */
export async function measureThroughput(context: BenchContext): Promise<Row[]> {
  const hangups = context.isQuick ? HANGUPS_QUICK : HANGUPS;
  const rounds = context.isQuick ? 3 : 5;
  const runs: Backlog[] = [];
  const raw: RawPipes[] = [];
  const cold: number[] = [];
  await using source = await BenchWorld.make();
  await source.play({ count: hangups });
  const entriesPath = source.path("entries");
  await writeEntries(source, entriesPath);
  for (let round = 1; round <= rounds; round++) {
    context.say(`throughput, round ${round} of ${rounds}`);
    runs.push(await runBacklog({ hangups, plugins: PLUGINS }));
    raw.push(await rawPipes(entriesPath, PLUGINS));
  }
  for (let round = 0; round < (context.isQuick ? 1 : 3); round++) {
    context.say("throughput, started on a full journal");
    cold.push(await catchUpPerSecond(hangups));
  }
  const ours = runs.map(({ perSecond }) => perSecond);
  const value = median(ours);
  const pipes = raw.map(({ perSecond }) => perSecond);
  const beside = median(pipes);
  return [
    {
      id: "throughput.backlog",
      what: `${PLUGINS} plugins that do nothing: journal to settled by all and durable`,
      beside: `raw pipes, same bytes: ${Math.round(beside).toLocaleString("en")}/s`,
      value,
      unit: "events/s",
      wanted: { limit: 150_000, is: "least" },
      details: { hangups, ours, pipes },
    },
    {
      id: "throughput.share",
      what: "the same as a share of raw pipes",
      beside: "three Deno processes in order, batches of 512, nothing stored or decoded",
      value: 100 * value / beside,
      unit: "%",
      wanted: { limit: 50, is: "least" },
    },
    processorRow(runs, raw),
    {
      id: "throughput.start",
      what: "the same, host started on the full journal, counted from its start",
      beside: "start of host and plugins included",
      value: median(cold),
      unit: "events/s",
      details: { hangups, cold },
    },
  ];
}

/** What other programs do meanwhile changes this value the least. */
function processorRow(runs: readonly Backlog[], raw: readonly RawPipes[]): Row {
  const host = runs.map(({ hostUs }) => hostUs);
  const plugins = runs.map(({ pluginsUs }) => pluginsUs);
  return {
    id: "throughput.processor",
    what: `processor time for one event, host and ${PLUGINS} plugins together`,
    beside: `host ${median(host).toFixed(1)} µs, plugins ${median(plugins).toFixed(1)} µs; ` +
      `raw pipes: ${median(raw.map(({ processorUs }) => processorUs)).toFixed(1)} µs`,
    value: median(runs.map(({ hostUs, pluginsUs }) => hostUs + pluginsUs)),
    unit: "µs",
    details: { host, plugins },
  };
}

async function catchUpPerSecond(hangups: number): Promise<number> {
  await using world = await BenchWorld.idle(PLUGINS);
  await world.play({ count: hangups });
  const started = performance.now();
  await using _host = await world.startHost();
  using progress = world.watch();
  const events = hangups + EVENTS_BESIDES_HANGUPS;
  await progress.until(({ settled, isReleased }) => settled >= events && isReleased, LIMIT_MS);
  return events / (performance.now() - started) * 1000;
}
