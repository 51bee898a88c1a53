import { decodeEvent } from "../../../host/events/decode_event.ts";
import { walkEntries } from "../../../host/events/walk_entries.ts";
import { BenchWorld } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import { readEntries } from "../read_entries.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const HANGUPS = 200_000;
const READ_BYTES = 256 * 1024;

/** How fast the journal can be read and every event in it made into an object, in one process. */
export async function measureDrain(context: BenchContext): Promise<Row[]> {
  const rounds = context.isQuick ? 5 : 15;
  await using world = await BenchWorld.make();
  context.say("drain, filling the journal");
  await world.play({ count: HANGUPS });
  const both: number[] = [];
  const drain: number[] = [];
  const raw: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    context.say(`drain, round ${round} of ${rounds}`);
    const drained = await drainOnce(world, () => {});
    drain.push(drained.events / drained.seconds);
    const decoded = await drainOnce(world, decodeAll);
    both.push(decoded.events / decoded.seconds);
    raw.push(drained.events / readOnce(world.path("hangup.journal"), drained.bytes));
  }
  return [{
    id: "drain.decode",
    what: "journal drained and every event decoded, one process",
    beside: `drained only: ${perSecond(drain)}, file of the same bytes read: ${perSecond(raw)}`,
    value: median(both),
    unit: "events/s",
    wanted: { limit: 1_000_000, is: "least" },
    details: { hangups: HANGUPS, both, drain, raw },
  }];
}

function perSecond(values: readonly number[]): string {
  return `${(median(values) / 1e6).toFixed(2)} M/s`;
}

interface Drained {
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Releases nothing, so that the next one finds the same. */
async function drainOnce(
  world: BenchWorld,
  use: (view: DataView) => void,
): Promise<Drained> {
  await using reader = world.openReader();
  let events = 0;
  let bytes = 0;
  const started = performance.now();
  for (const batch of readEntries(reader)) {
    const { buffer, byteOffset, byteLength } = batch.bytes;
    use(new DataView(buffer, byteOffset, byteLength));
    events += batch.entries;
    bytes += batch.bytes.length;
  }
  const seconds = (performance.now() - started) / 1000;
  return { events, bytes, seconds };
}

function decodeAll(view: DataView): void {
  for (const { offset } of walkEntries(view)) {
    const event = decodeEvent(view, offset, 1);
    if (event === undefined) throw new RangeError("Cannot decode what the library wrote");
  }
}

/** @returns Seconds. */
function readOnce(path: string, bytes: number): number {
  using file = Deno.openSync(path);
  const buffer = new Uint8Array(READ_BYTES);
  const started = performance.now();
  for (let read = 0; read < bytes;) {
    read += file.readSync(buffer.subarray(0, Math.min(READ_BYTES, bytes - read))) ?? bytes;
  }
  return (performance.now() - started) / 1000;
}
