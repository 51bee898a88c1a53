/**
 * The bare counterpart of host and plugin: waits for the journal, hands what comes to one Deno
 * process through a pipe, and waits for its answer. Nothing is stored, decoded or watched over.
 *
 * Arguments: the library, the journal, and a file for how long after its callout each hangup was
 * answered. Says "ready" on stdout, and ends when the service stops.
 */
import { EventType } from "../../../host/events/event_type.ts";
import { walkEntries } from "../../../host/events/walk_entries.ts";
import { JournalReader } from "../../../host/ffi/journal_reader.ts";
import { clockOffsetMs } from "../plugins/clock_offset_ms.ts";

const WAIT_MS = 1000;
const [libraryPath, journal, out] = Deno.args as [string, string, string];

const child = new Deno.Command(Deno.execPath(), {
  args: ["run", "--quiet", "--no-prompt", import.meta.resolve("./pipe_end.ts")],
  stdin: "piped",
  stdout: "piped",
}).spawn();
const writer = child.stdin.getWriter();
const answers = child.stdout.getReader();

async function askAndAnswer(entries: Uint8Array<ArrayBuffer>): Promise<void> {
  const frame = new Uint8Array(4 + entries.length);
  new DataView(frame.buffer).setUint32(0, entries.length, true);
  frame.set(entries, 4);
  const written = writer.write(frame);
  await answers.read();
  await written;
}

const arrivals: { readonly atMs: number; readonly calloutUs: number }[] = [];

/** @returns Whether the service has stopped. */
async function relay(reader: JournalReader): Promise<boolean> {
  const batch = reader.drain();
  if (batch.entries === 0) return false;
  await askAndAnswer(batch.bytes);
  const atMs = performance.now();
  reader.commit(batch.position, batch.lostTotal);
  let isOver = false;
  for (const { type, timeMicroseconds } of walkEntries(batch.bytes)) {
    if (type === EventType.linkHangup) arrivals.push({ atMs, calloutUs: timeMicroseconds });
    isOver ||= type === EventType.serviceStop;
  }
  return isOver;
}

const offsetMs = clockOffsetMs();
await askAndAnswer(new Uint8Array(8));
await using reader = JournalReader.open(journal, { libraryPath });
Deno.stdout.writeSync(new TextEncoder().encode("ready\n"));
while (!await relay(reader)) await reader.wait(WAIT_MS);
const driftMs = clockOffsetMs() - offsetMs;
const latenciesMs = arrivals.map(({ atMs, calloutUs }) =>
  atMs + offsetMs + driftMs / 2 - calloutUs / 1000
);
Deno.writeTextFileSync(out, `${JSON.stringify({ latenciesMs, driftMs })}\n`);
await writer.close();
await answers.cancel();
await child.status;
