import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "./bench_world.ts";

const LIMIT_MS = 240_000;
const WARM_UP_HANGUPS = 20_000;
/** The shortest are over in milliseconds. */
const LOOK_EVERY_MS = 2;
const CLOSED_FILE = "closed";
/** Some of the plugins' limits are longer, and this one is long enough to store a million events. */
const GATE_TIMEOUT_MS = 240_000;
const JOURNAL_BYTES = 512 * 1024 * 1024;

/** What waits in the store, and for whom. */
export interface WaitingOptions {
  /** Hangups that wait for the first plugin, and so for all of them. */
  readonly hangups: number;
  /** How many plugins, of which none does anything. */
  readonly plugins: number;
  /** Whether the host is started on them, rather than having run all the time. */
  readonly restart: boolean;
}

/** How fast it was caught up with. */
export interface CaughtUp {
  readonly events: number;
  /** From the moment that nothing holds them back, or from the host's start, until all is settled. */
  readonly ms: number;
}

/** Delivers events that have been waiting in the store. */
export async function catchUp({ hangups, plugins, restart }: WaitingOptions): Promise<CaughtUp> {
  const others = Array.from({ length: plugins - 1 }, (_, i) => `nothing-${i + 2}`);
  await using world = await BenchWorld.make([{
    id: "gate",
    file: "gate",
    permissions: { read: [`./${CLOSED_FILE}`] },
    config: { closedFile: `./${CLOSED_FILE}` },
    timeoutMs: GATE_TIMEOUT_MS,
  }, ...others.map((id) => ({ id, file: "nothing" }))]);
  let host = await world.startHost([`--journal-bytes=${JOURNAL_BYTES}`]);
  try {
    using progress = world.watch();
    await world.play({ count: WARM_UP_HANGUPS });
    const warm = WARM_UP_HANGUPS + EVENTS_BESIDES_HANGUPS;
    await progress.until(({ settled }) => settled >= warm, LIMIT_MS);
    await Deno.writeTextFile(world.path(CLOSED_FILE), "");
    await world.play({ count: hangups });
    const events = hangups + EVENTS_BESIDES_HANGUPS;
    const all = warm + events;
    await progress.until(({ newest, isReleased }) => newest >= all && isReleased, LIMIT_MS);
    if (restart) await host.stop();
    await Deno.remove(world.path(CLOSED_FILE));
    const started = performance.now();
    if (restart) host = await world.startHost();
    await progress.until(({ settled }) => settled >= all, LIMIT_MS, LOOK_EVERY_MS);
    return { events, ms: performance.now() - started };
  } finally {
    await host[Symbol.asyncDispose]();
  }
}
