/**
 * The bare counterpart of the host: hands frames of events to processes in order, the next process
 * getting a frame when the one before it has answered. Nothing is stored, decoded or watched over.
 *
 * Arguments: a file of entries and the number of processes. Prints events per second, and the
 * microseconds of processor time that all processes together took for one event, as JSON.
 */
import { layout } from "../../../host/events/layout.ts";
import { processorMsOf } from "../process_probe.ts";

const FRAME_EVENTS = 512;
/** Frames that one process may have at a time. */
const IN_HAND_MAX = 4;

function framesOf(entries: Uint8Array): { frames: Uint8Array<ArrayBuffer>[]; events: number } {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const frames: Uint8Array<ArrayBuffer>[] = [];
  let events = 0;
  for (let begin = 0; begin < entries.length;) {
    let end = begin;
    for (let i = 0; i < FRAME_EVENTS && end < entries.length; i++, events++) {
      const bytes = view.getUint32(end + layout.entry.bytes, true);
      end += (bytes + layout.alignment - 1) & ~(layout.alignment - 1);
    }
    const frame = new Uint8Array(4 + end - begin);
    new DataView(frame.buffer).setUint32(0, end - begin, true);
    frame.set(entries.subarray(begin, end), 4);
    frames.push(frame);
    begin = end;
  }
  return { frames, events };
}

class Station {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #child: Deno.ChildProcess;
  readonly #frames: readonly Uint8Array<ArrayBuffer>[];
  #sent = 0;
  answered = 0;
  next: Station | undefined;
  readonly finished = Promise.withResolvers<void>();

  constructor(frames: readonly Uint8Array<ArrayBuffer>[]) {
    this.#frames = frames;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", import.meta.resolve("./pipe_end.ts")],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Sends one frame and waits for its answer, so that the process is up before time counts. */
  async warmUp(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const reader = this.#child.stdout.getReader();
    await this.#writer.write(this.#frames[0]!);
    await reader.read();
    return reader;
  }

  /** @param limit How many frames may have been sent by now. */
  send(limit: number): void {
    while (this.#sent < limit && this.#sent - this.answered < IN_HAND_MAX) {
      void this.#writer.write(this.#frames[this.#sent++]!);
    }
  }

  async listen(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    allowed: () => number,
  ): Promise<void> {
    while (this.answered < this.#frames.length) {
      const { value } = await reader.read();
      if (value === undefined) throw new RangeError("a process ended early");
      this.answered += value.length;
      this.send(allowed());
      this.next?.send(this.answered);
    }
    reader.releaseLock();
    this.finished.resolve();
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#child.status;
  }
}

const { frames, events } = framesOf(Deno.readFileSync(Deno.args[0]!));
const stations = Array.from({ length: Number(Deno.args[1]) }, () => new Station(frames));
stations.forEach((station, i) => station.next = stations[i + 1]);
const readers = await Promise.all(stations.map((station) => station.warmUp()));
const processorMs = () =>
  [Deno.pid, ...stations.map(({ pid }) => pid)].reduce((sum, pid) => sum + processorMsOf(pid), 0);
const beforeMs = processorMs();
const started = performance.now();
for (const [i, station] of stations.entries()) {
  const before = stations[i - 1];
  void station.listen(readers[i]!, () => before?.answered ?? frames.length);
}
stations[0]!.send(frames.length);
await Promise.all(stations.map(({ finished }) => finished.promise));
const perSecond = events / (performance.now() - started) * 1000;
const processorUs = (processorMs() - beforeMs) * 1000 / events;
await Promise.all(stations.map((station) => station.close()));
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({ perSecond, processorUs })));
