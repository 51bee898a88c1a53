import { bareLatencies } from "./bare/bare_latencies.ts";
import { type BenchPlay, BenchWorld, EVENTS_BESIDES_HANGUPS } from "./bench_world.ts";
import type { CalloutStatistics } from "../../host/ffi/journal_statistics.ts";
import { readLatencies } from "./read_latencies.ts";

const PLUGINS = ["first", "second", "third"];
const LIMIT_MS = 120_000;

/** From callouts to handlers, in milliseconds each. */
export interface Latencies {
  /** To the first plugin's handler. */
  readonly first: readonly number[];
  /** To the third plugin's. */
  readonly third: readonly number[];
  /** A bare wait and a bare pipe there and back, at the same pace. */
  readonly bare: readonly number[];
  /** What the callouts of the last round have cost. */
  readonly callouts: CalloutStatistics;
}

/** Takes ours and the bare counterpart in turns, so that what disturbs one disturbs the other. */
export async function takeLatencies(
  play: BenchPlay,
  rounds: number,
  libraryPath: string,
): Promise<Latencies> {
  const first: number[] = [];
  const third: number[] = [];
  const bare: number[] = [];
  let callouts: CalloutStatistics | undefined;
  for (let round = 0; round < rounds; round++) {
    const ours = await oursOnce(play);
    first.push(...ours.first);
    third.push(...ours.third);
    callouts = ours.callouts;
    bare.push(...await bareLatencies(play, libraryPath));
  }
  return { first, third, bare, callouts: callouts! };
}

async function oursOnce(play: BenchPlay): Promise<Omit<Latencies, "bare">> {
  await using world = await BenchWorld.make(PLUGINS.map((id) => ({
    id,
    file: "latency",
    permissions: { write: [`./${id}.json`] },
    config: { file: `./${id}.json` },
  })));
  {
    await using _host = await world.startHost();
    using progress = world.watch();
    const events = play.count + EVENTS_BESIDES_HANGUPS;
    const settled = progress.until((look) => look.settled >= events, LIMIT_MS);
    await world.play(play);
    await settled;
  }
  const [first, , third] = PLUGINS.map((id) => readLatencies(world.path(`${id}.json`)));
  return { first: first!, third: third!, callouts: await world.callouts() };
}
