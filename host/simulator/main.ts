/**
 * The entry of the simulator's process. It loads the library into a process of its own, as RAS
 * does, so that neither can take the host down. Takes one argument, the options as JSON; prints
 * one line of JSON at the end, the result or `{"error": …}`.
 *
 * People call it through `deno task simulate`.
 *
 * @module
 */
import { loadLibrary } from "../ffi/load_library.ts";
import { systemClock } from "../internal/clock.ts";
import { systemHive } from "../windows/system_hive.ts";
import { adminDllSymbols } from "./admin_dll.ts";
import { loadAdminDlls } from "./load_admin_dlls.ts";
import { play, type SimulatorResult } from "./play.ts";
import { playRegistered } from "./play_registered.ts";
import { readSimulatorOptions } from "./read_simulator_options.ts";
import { registeredDlls } from "./registered_dlls.ts";
import type { SimulatorSettings } from "./simulator_options.ts";

async function run(settings: SimulatorSettings): Promise<SimulatorResult> {
  const seed = settings.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
  const stop = new AbortController();
  // Ctrl+C on a terminal reaches this process as well; a service would be stopped, not torn away.
  Deno.addSignalListener("SIGINT", () => stop.abort());
  if (settings.stopAtInputEnd) void abortAtInputEnd(stop);
  const showsProgress = settings.progress && Deno.stderr.isTerminal();
  if (settings.registered) {
    const dlls = loadAdminDlls(registeredDlls(systemHive));
    const all = { ...settings, seed };
    return await playRegistered({ settings: all, dlls, clock: systemClock, signal: stop.signal });
  }
  const dll = loadLibrary(settings.libraryPath, adminDllSymbols);
  const result = await play({
    settings: { ...settings, seed },
    dll,
    clock: systemClock,
    signal: stop.signal,
    ...(showsProgress && { onProgress: (hangups) => showProgress(hangups, settings.count, seed) }),
  });
  if (showsProgress) write(Deno.stderr, "\n");
  return result;
}

async function abortAtInputEnd(stop: AbortController): Promise<void> {
  try {
    for await (const _ of Deno.stdin.readable) { /* Nothing is said on it; only its end counts. */ }
  } finally {
    stop.abort();
  }
}

function showProgress(hangups: number, count: number, seed: number): void {
  const numbers = `${hangups.toLocaleString("en")} of ${count.toLocaleString("en")}`;
  write(Deno.stderr, `\r\x1b[Ksimulating: ${numbers} hangups, seed ${seed}`);
}

function write(to: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
  } catch (error) {
    // Whoever wanted to know is gone.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function main(): Promise<number> {
  try {
    const result = await run(readSimulatorOptions(Deno.args[0] ?? "{}"));
    write(Deno.stdout, `${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error && "exitCode" in error)) throw error;
    write(Deno.stdout, `${JSON.stringify({ error: error.message })}\n`);
    return Number(error.exitCode);
  }
}

// An open read of standard input would otherwise keep the process alive.
if (import.meta.main) Deno.exit(await main());
