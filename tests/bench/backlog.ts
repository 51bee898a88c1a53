import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "./bench_world.ts";
import { pausedWhile } from "./paused_while.ts";
import { pluginProcessesOf, processorMsOf } from "./process_probe.ts";

const LIMIT_MS = 240_000;

/** What waits in the journal, and for whom. */
export interface BacklogOptions {
  readonly hangups: number;
  /** How many plugins that do nothing. */
  readonly plugins: number;
}

/** How fast it was delivered. */
export interface Backlog {
  readonly perSecond: number;
  /** Processor time of the host for one event, in microseconds. */
  readonly hostUs: number;
  /** The same of all plugins together. */
  readonly pluginsUs: number;
}

/**
 * Delivers what waits in a journal: from there through the store to plugins that do nothing, one
 * after the other, until all have settled it and it would outlive a loss of power. The host is
 * ready and stands still while the journal is filled; then the time counts.
 */
export async function runBacklog({ hangups, plugins: count }: BacklogOptions): Promise<Backlog> {
  await using world = await BenchWorld.idle(count);
  await using host = await world.startHost();
  await pausedWhile(host.pid, () => world.play({ count: hangups }));
  const started = performance.now();
  const plugins = [...pluginProcessesOf(host.pid).values()];
  const processorMs = () => [host.pid, ...plugins].map(processorMsOf);
  const before = processorMs();
  using progress = world.watch();
  const events = hangups + EVENTS_BESIDES_HANGUPS;
  await progress.until(({ settled, isReleased }) => settled >= events && isReleased, LIMIT_MS);
  const perSecond = events / (performance.now() - started) * 1000;
  const [hostUs, ...pluginUs] = processorMs().map((ms, i) => (ms - before[i]!) * 1000 / events);
  return { perSecond, hostUs: hostUs!, pluginsUs: pluginUs.reduce((sum, each) => sum + each, 0) };
}
