// deno-lint-ignore-file no-console
/** Misbehaves on command, at the event that its configuration names. */
import { definePlugin } from "onhook";
import process from "node:process";
import * as z from "zod";

// What a plugin does that wants to talk to the host in the runner's place: it watches what the
// runner writes, and says it again.
let lastFrame: Uint8Array | undefined;
const subarray = Uint8Array.prototype.subarray;
Uint8Array.prototype.subarray = function (this: Uint8Array, ...args: [number?, number?]) {
  const part = subarray.apply(this, args);
  if (part[0] === 0xff && part.length > 12 && part[12] === 2) lastFrame = part.slice();
  return part;
} as typeof subarray;

const misdeeds: Record<string, () => unknown> = {
  endlessLoop() {
    while (true);
  },
  endlessMicrotasks() {
    const again = (): Promise<void> => Promise.resolve().then(again);
    return again();
  },
  memory() {
    const hoard: unknown[] = [];
    while (true) hoard.push(new Array(10_000).fill({ a: 1 }));
  },
  async arrayBuffers() {
    const hoard: Uint8Array[] = [];
    while (true) {
      hoard.push(new Uint8Array(8 * 1024 * 1024).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  buffersAtOnce() {
    const hoard: Uint8Array[] = [];
    for (let i = 0; i < 100; i++) hoard.push(new Uint8Array(8 * 1024 * 1024).fill(1));
    while (true);
  },
  strings() {
    const hoard: string[] = [];
    while (true) hoard.push(new TextDecoder().decode(new Uint8Array(4 * 1024 * 1024).fill(97)));
  },
  /** Workers that start workers, until somebody puts an end to it. */
  forkBomb() {
    const code = `const url = URL.createObjectURL(new Blob([
      "onmessage = ({ data }) => { for (let i = 0; i < 2; i++) " +
      "new Worker(data, { type: 'module' }).postMessage(data); }",
    ], { type: "text/javascript" })); new Worker(url, { type: "module" }).postMessage(url);`;
    new Worker(`data:text/javascript,${encodeURIComponent(code)}`, { type: "module" });
    return new Promise(() => setInterval(() => {}, 1000));
  },
  abort: () => process.abort(),
  floodStderr() {
    const rubbish = new TextEncoder().encode("rubbish without end\n".repeat(3000));
    while (true) Deno.stderr.writeSync(rubbish);
  },
  exit: () => Deno.exit(0),
  exitWithError: () => Deno.exit(3),
  neverAnswers: () => new Promise(() => {}),
  throws() {
    throw new TypeError("on purpose");
  },
  denied: () => Deno.readTextFileSync("secret.txt"),
  async deniedInside() {
    try {
      await Deno.connect({ hostname: "example.invalid", port: 443 });
    } catch (cause) {
      throw new TypeError("Cannot send the bill", { cause });
    }
  },
  rubbish() {
    Deno.stdout.writeSync(new TextEncoder().encode("rubbish on stdout\n"));
    Deno.stdout.writeSync(Uint8Array.from({ length: 3000 }, (_, i) => (i * 7 + 250) % 256));
    Deno.stdout.writeSync(new TextEncoder().encode("\n"));
  },
  floodStdout() {
    const rubbish = new TextEncoder().encode("rubbish without end\n".repeat(3000));
    while (true) Deno.stdout.writeSync(rubbish);
  },
  floodLog() {
    for (let i = 0; i < 20_000; i++) console.log("flood", i);
  },
  answersTwice() {
    if (lastFrame !== undefined) Deno.stdout.writeSync(lastFrame);
  },
  closesStdin: () => Deno.stdin.close(),
  floatingRejection() {
    Promise.reject(new TypeError("nobody looks at me"));
  },
};

export default definePlugin({
  config: z.object({ how: z.string(), at: z.number() }),
  onLinkHangup(event, ctx) {
    if (event.sequence === ctx.config.at) return misdeeds[ctx.config.how]!() as Promise<void>;
  },
});
