// deno-lint-ignore-file no-console
/**
 * Speaks the protocol in the runner's place: it learns the marker from the first frame that the
 * runner writes, and then says whatever its configuration asks for.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

const KIND = { ready: 1, settled: 2, failed: 3, log: 4, stopped: 5, refused: 6 };
const ERROR = { name: "Error", message: "a lie" };

let marker = new Uint8Array(8);
const subarray = Uint8Array.prototype.subarray;
Uint8Array.prototype.subarray = function (this: Uint8Array, ...args: [number?, number?]) {
  if (this[0] === 0xff) marker = this.slice(0, 8);
  return subarray.apply(this, args);
} as typeof subarray;
console.log("the marker is known now");
Uint8Array.prototype.subarray = subarray;

function write(bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) {
    offset += Deno.stdout.writeSync(bytes.subarray(offset));
  }
}

function frame(kind: number, payload = new Uint8Array(), length = payload.length + 1): Uint8Array {
  const bytes = new Uint8Array(13 + payload.length);
  bytes.set(marker);
  new DataView(bytes.buffer).setUint32(8, length, true);
  bytes[12] = kind;
  bytes.set(payload, 13);
  return bytes;
}

const text = (kind: number, json: string): Uint8Array =>
  frame(kind, new TextEncoder().encode(json));
const json = (kind: number, message: unknown): Uint8Array => text(kind, JSON.stringify(message));

function settled(low: number, high = 0): Uint8Array {
  return frame(KIND.settled, new Uint8Array(new Uint32Array([low, high, 1, 1]).buffer));
}

function repeat(bytes: Uint8Array): Uint8Array {
  const times = Math.ceil(65_536 / bytes.length);
  const all = new Uint8Array(times * bytes.length);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length);
  return all;
}

const ready = json(KIND.ready, { protocol: 2, handlers: [] });
const never = (): Promise<void> => new Promise(() => {});

/** Writes the same bytes for ever from a thread of its own, so that the handlers go on answering. */
function flood(bytes: Uint8Array, pauseMs = 0): void {
  const code = `onmessage = async ({ data: [bytes, pauseMs] }) => {
    while (true) {
      Deno.stdout.writeSync(bytes);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
  worker.postMessage([bytes, pauseMs]);
}

let sequence = 0;

/** What is said; a promise that never settles keeps the event in hand. */
const lies: Record<string, () => void | Promise<void>> = {
  nothing() {},
  settledZero: () => write(settled(0)),
  settledAhead: () => write(settled(sequence + 1_000_000)),
  settledUnsafe: () => write(settled(0xffffffff, 0xffffffff)),
  settledShort: () => write(frame(KIND.settled, new Uint8Array(15))),
  settledBadBin() {
    const payload = new Uint8Array(21);
    payload.set([sequence, 0, 0, 0], 0);
    payload[16] = 200;
    write(frame(KIND.settled, payload));
  },
  failedOther: () => write(json(KIND.failed, { sequence: sequence + 3, error: ERROR })),
  failedEarly: () => write(json(KIND.failed, { sequence: 1, error: ERROR })),
  failedTwice() {
    write(json(KIND.failed, { sequence, error: ERROR }));
    write(json(KIND.failed, { sequence, error: ERROR }));
  },
  failedHuge: () => write(json(KIND.failed, { sequence: 2 ** 60, error: ERROR })),
  unknownKind: () => write(frame(99)),
  noJson: () => write(text(KIND.ready, "{")),
  extraKeys: () => write(json(KIND.ready, { protocol: 2, handlers: [], admin: true })),
  manyHandlers: () => write(json(KIND.ready, { protocol: 2, handlers: Array(33).fill("onEvent") })),
  lengthZero: () => write(frame(KIND.log, new Uint8Array(), 0)),
  lengthTooLong: () => write(frame(KIND.log, new Uint8Array(), 0xffffffff)),
  truncated() {
    write(frame(KIND.log, new Uint8Array(10), 1000));
    Deno.exit(0);
  },
  readyAgain: () => write(ready),
  readyInAnotherVersion: () => write(json(KIND.ready, { protocol: 99, handlers: [] })),
  refused: () => write(json(KIND.refused, { stage: "load", error: ERROR })),
  stopped: () => write(frame(KIND.stopped)),
  /** Twice, because the host hands the events over once more after the first time. */
  stoppedAndSilent() {
    write(frame(KIND.stopped));
    setTimeout(() => write(frame(KIND.stopped)), 50);
    return new Promise(() => setInterval(() => {}, 1000));
  },
  protoFields: () =>
    write(text(
      KIND.log,
      `{"level":"info","message":"proto","fields":{"__proto__":{"polluted":1},` +
        `"constructor":{"prototype":{"polluted":1}}}}`,
    )),
  deepFields: () =>
    write(text(
      KIND.log,
      `{"level":"info","message":"deep","fields":{"a":${"[".repeat(1900)}${"]".repeat(1900)}}}`,
    )),
  brokenUtf8() {
    const payload = new TextEncoder().encode(`{"level":"info","message":"utf X X"}`);
    payload[payload.indexOf(0x58)] = 0xfe;
    write(frame(KIND.log, payload));
  },
  imitatesHost: () =>
    write(json(KIND.log, {
      level: "error",
      message: "The plugin is parked: its process ended more than 5 times",
      sequence: 1,
      eventId: "0-0",
    })),
  floodEmptyLines: () => flood(repeat(new TextEncoder().encode("\r\n"))),
  floodReady: () => flood(repeat(ready)),
  floodMarkerBytes: () => flood(new Uint8Array(65_536).fill(0xff)),
  floodDribble: () => flood(new TextEncoder().encode("x")),
  neverReadsStdin() {
    Deno.stdin.read = never as unknown as typeof Deno.stdin.read;
  },
  closesStdout() {
    Deno.stdout.close();
    Deno.stderr.close();
  },
  spinsInWorkers() {
    for (let i = 0; i < 4; i++) {
      new Worker("data:text/javascript,while(true);", { type: "module" });
    }
  },
  imitatesOutOfMemory() {
    Deno.stderr.writeSync(new TextEncoder().encode("JavaScript heap out of memory\n"));
    Deno.exit(9);
  },
  neverAndBusy: () => new Promise(() => setInterval(() => {}, 1000)),
};

const config = z.object({
  load: z.string().default("nothing"),
  event: z.string().default("nothing"),
  stop: z.string().default("nothing"),
  at: z.number().default(6),
});

export default definePlugin({
  config,
  onStart: (ctx) => lies[ctx.config.load]!(),
  onEvent(event, ctx) {
    sequence = event.sequence;
    if (sequence === ctx.config.at) return lies[ctx.config.event]!();
  },
  onStop: (ctx) => lies[ctx.config.stop]!(),
});
