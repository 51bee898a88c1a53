import { runBacklog } from "../backlog.ts";
import { BenchWorld } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import { denoPerEvent } from "../others/deno_per_event.ts";
import { freeradiusExec, freeradiusPython } from "../others/freeradius.ts";
import { openvpn } from "../others/openvpn.ts";
import type { Other } from "../others/other.ts";
import { rsyslogDisk, rsyslogMemory } from "../others/rsyslog.ts";
import { runParts } from "../others/run_parts.ts";
import { skippedBecause } from "../others/skipped_because.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const OTHERS: readonly Other[] = [
  runParts,
  denoPerEvent,
  openvpn,
  freeradiusExec,
  freeradiusPython,
  rsyslogMemory,
  rsyslogDisk,
];
const PLUGINS = 3;
const HANGUPS = 250_000;
const HANGUPS_QUICK = 150_000;

/**
 * The same job done by what people would use instead: for each event three pieces of a user's code
 * that do nothing. In turns with ours, which besides stores each event. The others differ more from
 * run to run than ours does, so the best of theirs counts.
 */
export async function measureOthers(context: BenchContext): Promise<Row[]> {
  const hangups = context.isQuick ? HANGUPS_QUICK : HANGUPS;
  const rounds = context.isQuick ? 1 : 3;
  const ours: number[] = [];
  const theirs = new Map<Other, number[]>(OTHERS.map((other) => [other, []]));
  for (let round = 1; round <= rounds; round++) {
    context.say(`others, round ${round} of ${rounds}: ours`);
    ours.push((await runBacklog({ hangups, plugins: PLUGINS })).perSecond);
    for (const other of OTHERS) {
      if (skippedBecause(other) !== undefined) continue;
      context.say(`others, round ${round} of ${rounds}: ${other.id}`);
      theirs.get(other)!.push(await runOnce(other, context.isQuick));
    }
  }
  return OTHERS.map((other) => row(other, theirs.get(other)!, ours));
}

async function runOnce(other: Other, isQuick: boolean): Promise<number> {
  await using world = await BenchWorld.make();
  const { events, seconds } = await other.run({ folder: world.folder, isQuick });
  return events / seconds;
}

function row(other: Other, theirs: readonly number[], ours: readonly number[]): Row {
  const base: Row = {
    id: `others.${other.id}`,
    what: `ours beside ${other.what}`,
    unit: "×",
    wanted: { limit: 1, is: "least" },
  };
  const skipped = skippedBecause(other);
  if (skipped !== undefined) return { ...base, skipped };
  return {
    ...base,
    beside: `theirs ${rate(Math.max(...theirs))}; ours ${
      rate(median(ours))
    }, ${PLUGINS} plugins, durable`,
    value: median(ours) / Math.max(...theirs),
    details: { ours, theirs },
  };
}

function rate(perSecond: number): string {
  const ms = 1000 / perSecond;
  const text = Math.round(perSecond).toLocaleString("en");
  return `${text} events/s, ${ms.toFixed(ms < 1 ? 3 : 1)} ms each`;
}
