/**
 * `deno task bench`: measures what Onhook takes, each value beside something comparable from the
 * same run, and holds it against its bound. A bound that is missed is a result, and the exit code
 * is 0; 1 says that something could not be measured, or that a ratio has clearly got worse than it
 * was stored (`--guard`), 2 that the command line is wrong.
 *
 * @module
 */
import { ensureLibrary } from "../../host/native/build.ts";
import { BenchWorld } from "./bench_world.ts";
import type { BenchContext, Measurement } from "./context.ts";
import { GUARD_RATIOS } from "./guard/guard_ratios.ts";
import { runGuard } from "./guard/run_guard.ts";
import { storeRatios } from "./guard/store_ratios.ts";
import { readStoredRatios, writeStoredRatios } from "./guard/stored_ratios.ts";
import { describeMachine } from "./machine.ts";
import { measureCalloutStates } from "./measure/callout_states.ts";
import { measureCallouts } from "./measure/callouts.ts";
import { measureDrain } from "./measure/drain.ts";
import { measureIdle } from "./measure/idle.ts";
import { measureLatency } from "./measure/latency.ts";
import { measureLive } from "./measure/live.ts";
import { measureOthers } from "./measure/others.ts";
import { measureScaling } from "./measure/scaling.ts";
import { measureStart } from "./measure/start.ts";
import { measureStorm } from "./measure/storm.ts";
import { measureThroughput } from "./measure/throughput.ts";
import { type BenchOptions, BenchUsageError, parseOptions } from "./options.ts";
import { pinToTwoCores } from "./pin_to_two_cores.ts";
import { reportJson, reportText } from "./report.ts";
import type { Row } from "./row.ts";

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  callouts: measureCallouts,
  states: measureCalloutStates,
  drain: measureDrain,
  throughput: measureThroughput,
  scaling: measureScaling,
  live: measureLive,
  storm: measureStorm,
  latency: measureLatency,
  idle: measureIdle,
  start: measureStart,
  others: measureOthers,
};

const HELP = `Measures what Onhook takes and holds it against the wanted bounds.

  deno task bench [--quick] [--json=PATH] [--only=NAME,…]
  deno task bench --guard

  --quick       About three minutes instead of the truth, which takes eight.
  --json=PATH   Writes the result with every single value to a file.
  --only=NAME   Takes some measurements only: ${Object.keys(MEASUREMENTS).join(", ")}.
  --guard       Holds some ratios against the stored ones, and fails on a clear loss.
  --guard=store Stores them as they are now.

Needs Linux and a C compiler. Uses two processors; what else runs on them shows in the result.
`;

const encoder = new TextEncoder();

async function measure(options: BenchOptions): Promise<number> {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => {
      BenchWorld.endAll();
      Deno.exit(code);
    });
  }
  const cores = await pinToTwoCores();
  const context: BenchContext = {
    isQuick: options.isQuick,
    libraryPath: await ensureLibrary(),
    say: (text) => Deno.stderr.writeSync(encoder.encode(`${text}\n`)),
  };
  if (options.guard !== undefined) return await guard(options.guard, context);
  const started = performance.now();
  const date = new Date().toISOString();
  const machine = await describeMachine(cores);
  const rows: Row[] = [];
  let isBroken = false;
  for (const name of options.only) {
    try {
      rows.push(...await MEASUREMENTS[name]!(context));
    } catch (error) {
      isBroken = true;
      const reason = error instanceof Error ? error.stack ?? error.message : String(error);
      context.say(`Cannot measure ${name}: ${reason}`);
      rows.push({ id: name, what: `all of ${name}`, unit: "", skipped: "failed, see above" });
    }
  }
  const report = {
    command: commandLine(),
    date,
    isQuick: options.isQuick,
    seconds: (performance.now() - started) / 1000,
    machine,
    rows,
  };
  Deno.stdout.writeSync(encoder.encode(reportText(report)));
  if (options.jsonPath !== undefined) {
    await Deno.writeTextFile(options.jsonPath, reportJson(report));
  }
  return isBroken ? 1 : 0;
}

async function guard(what: "check" | "store", context: BenchContext): Promise<number> {
  if (what === "store") {
    await writeStoredRatios(await storeRatios(GUARD_RATIOS, context), commandLine());
    return 0;
  }
  const { failed, text } = await runGuard(GUARD_RATIOS, await readStoredRatios(), context);
  Deno.stdout.writeSync(encoder.encode(text));
  return failed === 0 ? 0 : 1;
}

function commandLine(): string {
  return ["deno task bench", ...Deno.args.filter((arg) => !arg.startsWith("--json"))].join(" ");
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args, Object.keys(MEASUREMENTS));
    if (!options.isHelp) return await measure(options);
    Deno.stdout.writeSync(encoder.encode(HELP));
    return 0;
  } catch (error) {
    if (!(error instanceof BenchUsageError)) throw error;
    Deno.stderr.writeSync(encoder.encode(`${error.message}\n`));
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
