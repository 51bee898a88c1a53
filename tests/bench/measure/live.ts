import type { CalloutStatistics } from "../../../host/ffi/journal_statistics.ts";
import type { SimulatorResult } from "../../../host/simulator/play.ts";
import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "../bench_world.ts";
import { bareProcess } from "../bare/bare_process.ts";
import { calloutRow } from "../callout_row.ts";
import type { BenchContext } from "../context.ts";
import { pluginProcessesOf, residentOf } from "../process_probe.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const PLUGINS = 3;
const LIMIT_MS = 300_000;
const HANGUPS = 1_000_000;
const RATE_PER_SECOND = 40_000;
const UNPACED_HANGUPS = 200_000;
const SAMPLE_EVERY_MS = 100;

interface Sample {
  readonly settled: number;
  readonly host: number;
  readonly hostOwn: number;
  readonly plugin: number;
  readonly pluginOwn: number;
}

/** Events that are delivered while the service makes them, and what memory that takes. */
export async function measureLive(context: BenchContext): Promise<Row[]> {
  context.say("live, as fast as the service can");
  const rates: number[] = [];
  for (let round = 0; round < (context.isQuick ? 1 : 3); round++) rates.push(await unpaced());
  context.say(`live, ${HANGUPS} hangups at ${RATE_PER_SECOND} a second`);
  const bare = await bareProcess();
  const { samples, lost, lagMs, callouts, madePerSecond } = await paced();
  const most = (key: keyof Sample) => Math.max(...samples.map((sample) => sample[key]));
  const besideBare = `a bare Deno process: ${bare.residentMb.toFixed(0)} MB and ${
    bare.ownMb.toFixed(0)
  }`;
  return [
    {
      id: "live.rate",
      what: `live: ${PLUGINS} plugins that do nothing beside the service that makes the events`,
      beside: "the service takes its part of the same 2 cores",
      value: median(rates),
      unit: "events/s",
      details: { hangups: UNPACED_HANGUPS, rates },
    },
    {
      id: "live.lag",
      what: `live: last callout of ${HANGUPS.toLocaleString("en")} to settled and durable`,
      beside: `made at ${Math.round(madePerSecond).toLocaleString("en")} a second (${
        RATE_PER_SECOND.toLocaleString("en")
      } wanted), ${lost} lost`,
      value: lagMs,
      unit: "ms",
      details: { lost, madePerSecond },
    },
    calloutRow("live.callout", "live", callouts),
    {
      id: "memory.host",
      what: "host, most memory resident",
      beside: `without mapped files: ${most("hostOwn").toFixed(0)} MB; ${besideBare}`,
      value: most("host"),
      unit: "MB",
      wanted: { limit: 100, is: "most" },
      details: { series: samples.map(({ host }) => Math.round(host)) },
    },
    {
      id: "memory.plugin",
      what: "largest plugin process, most memory resident",
      beside: `without mapped files: ${most("pluginOwn").toFixed(0)} MB; ${besideBare}`,
      value: most("plugin"),
      unit: "MB",
      wanted: { limit: 50, is: "most" },
      details: { series: samples.map(({ plugin }) => Math.round(plugin)) },
    },
    besideBareRow("memory.host.ratio", "host", most("host"), bare.residentMb, 2),
    besideBareRow("memory.plugin.ratio", "largest plugin", most("plugin"), bare.residentMb, 1.3),
    growth("memory.host.growth", "host", samples, "host"),
    growth("memory.plugin.growth", "largest plugin", samples, "plugin"),
  ];
}

function besideBareRow(
  id: string,
  who: string,
  mostMb: number,
  bareMb: number,
  limit: number,
): Row {
  return {
    id,
    what: `${who}, most memory resident beside a bare Deno process`,
    beside: `${mostMb.toFixed(0)} MB, bare: ${bareMb.toFixed(0)} MB`,
    value: mostMb / bareMb,
    unit: "×",
    wanted: { limit, is: "most" },
  };
}

function growth(id: string, who: string, samples: readonly Sample[], key: keyof Sample): Row {
  const around = (from: number, to: number) =>
    median(samples.filter(({ settled }) => settled >= from && settled <= to).map((s) => s[key]));
  const early = around(150_000, 250_000);
  const late = around(900_000, Infinity);
  return {
    id,
    what: `${who}, growth from 200,000 to 1,000,000 events`,
    beside: `${early.toFixed(0)} MB, then ${late.toFixed(0)} MB`,
    value: late - early,
    unit: "MB",
    // Flat, but for the heap's coming and going between two collections.
    wanted: { limit: 10, is: "most" },
  };
}

async function unpaced(): Promise<number> {
  await using world = await BenchWorld.idle(PLUGINS);
  await using _host = await world.startHost();
  using progress = world.watch();
  const playing = world.play({ count: UNPACED_HANGUPS });
  const events = UNPACED_HANGUPS + EVENTS_BESIDES_HANGUPS;
  await progress.until(({ settled, isReleased }) => settled >= events && isReleased, LIMIT_MS);
  const ended = Date.now();
  await playing;
  return events / (ended - progress.lastServiceStartUs() / 1000) * 1000;
}

interface Paced {
  readonly samples: readonly Sample[];
  readonly lost: number;
  readonly lagMs: number;
  readonly callouts: CalloutStatistics;
  /** What the service managed beside everything else. */
  readonly madePerSecond: number;
}

async function paced(): Promise<Paced> {
  await using world = await BenchWorld.idle(PLUGINS);
  await using host = await world.startHost();
  using progress = world.watch();
  const plugins = [...pluginProcessesOf(host.pid).values()];
  const samples: Sample[] = [];
  let played: SimulatorResult | undefined;
  let sampledMs = -Infinity;
  const playing = world.play({ count: HANGUPS, ratePerSecond: RATE_PER_SECOND })
    .then((result) => played = result);
  let newest = 0;
  // Events that are lost are never settled, so the end is when nothing is left to do.
  await progress.until((look) => {
    if (performance.now() - sampledMs > SAMPLE_EVERY_MS) {
      sampledMs = performance.now();
      samples.push(sample(look.settled, host.pid, plugins));
    }
    newest = look.newest;
    return played !== undefined && look.isReleased && look.settled === look.newest;
  }, LIMIT_MS);
  const ended = Date.now();
  const { seconds } = await playing;
  await host.stop();
  return {
    callouts: await world.callouts(),
    madePerSecond: HANGUPS / seconds,
    samples,
    lost: HANGUPS + EVENTS_BESIDES_HANGUPS - newest,
    lagMs: ended - progress.lastServiceStartUs() / 1000 - seconds * 1000,
  };
}

function sample(settled: number, host: number, plugins: readonly number[]): Sample {
  const { total, own } = residentOf(host);
  const each = plugins.map(residentOf);
  return {
    settled,
    host: total,
    hostOwn: own,
    plugin: Math.max(...each.map((plugin) => plugin.total)),
    pluginOwn: Math.max(...each.map((plugin) => plugin.own)),
  };
}
