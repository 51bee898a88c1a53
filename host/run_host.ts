import type { Config } from "./config_schema.ts";
import { MemoryTrimmer } from "./ffi/memory_trimmer.ts";
import { Host, type HostReport } from "./host.ts";
import { systemClock } from "./internal/clock.ts";
import { DefectWatch } from "./internal/defect_watch.ts";
import { DefectError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";
import { stderrLog } from "./internal/stderr_log.ts";
import { stderrText } from "./internal/stderr_text.ts";
import { libraryPath } from "./library_path.ts";
import { openRegistrySource } from "./registry/open_registry_source.ts";
import { isDamaged } from "./store/is_damaged.ts";

/** On Windows also a console that is closed, and the end of the session. */
const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK", "SIGHUP", "SIGTERM"]
  : ["SIGINT", "SIGTERM"];

/** What killing the plugins and closing everything may take after the time limit of the stop. */
const STOP_GRACE_MS = 5000;

/**
 * Runs the host until a signal stops it (SIGINT or SIGTERM, on Windows Ctrl+C or Ctrl+Break), or
 * `deno task stop`.
 *
 * @param config The checked configuration.
 * @returns The exit code, 0.
 * @throws {InputError} When the registry cannot be used; nothing has been started then.
 * @throws {NativeError} When the journal or the library cannot be opened.
 * @throws {StoreError} When the store cannot be opened.
 * @throws {DefectError} When a part of the host failed in a way that the code rules out.
 */
export async function runHost(config: Config): Promise<number> {
  const registrySource = openRegistrySource(config.registryPath, systemClock);
  let registry = await registrySource.read();
  const library = await libraryPath(config.libraryPath);
  const log = stderrLog({ level: config.logLevel });
  const stopRequested = Promise.withResolvers<void>();
  const onSignal = () => stopRequested.resolve();
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, onSignal);
  using defects = new DefectWatch();
  using _memory = new MemoryTrimmer(systemClock);
  const ended = Promise.race([defects.found, stopRequested.promise]);
  let hasRun = false;
  try {
    for (let isOver = false; !isOver;) {
      const parts = { config, registry, registrySource, libraryPath: library, log };
      const host = await Host.open(parts);
      hasRun = true;
      isOver = await runToEnd(host, ended, config, log);
      registry = host.registry;
    }
  } finally {
    if (hasRun) say("onhook stopped");
    for (const signal of STOP_SIGNALS) Deno.removeSignalListener(signal, onSignal);
  }
  return 0;
}

/** @returns False when the store was found to be damaged, which the next host mends. */
async function runToEnd(
  host: Host,
  ended: Promise<void>,
  config: Config,
  log: HostLog,
): Promise<boolean> {
  try {
    const running = Promise.race([host.run(), host.damaged, host.stopAsked, ended]);
    const started = host.start().then(() => true);
    if (await Promise.race([running, started])) {
      sayReady(host.report(), config, log);
      await running;
    }
    return true;
  } catch (error) {
    if (!isDamaged(error)) throw error;
    log.error(`${(error as Error).message}; the host begins anew`);
    return false;
  } finally {
    await stopped(host, config.stopLimitMs);
  }
}

function sayReady({ plugins }: HostReport, { journalPath }: Config, log: HostLog): void {
  const ready = plugins.filter(({ state }) => state === "ready").length;
  say(`onhook ready: ${ready} plugins, journal ${journalPath}`);
  if (ready === plugins.length) return;
  log.warn(`${plugins.length - ready} of ${plugins.length} plugins did not start, see above`);
}

/** Not a line of log: whoever supervises the host waits for exactly these words. */
function say(words: string): void {
  stderrText.add(`${words}\n`);
}

/** Stops the host; after a defect something may never answer, and must not be waited for. */
async function stopped(host: Host, stopLimitMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limitMs = stopLimitMs + STOP_GRACE_MS;
  const words = `Cannot stop: not done after ${limitMs} ms, wanted all plugins to be gone by then`;
  const timer = systemClock.startTimer(limitMs, () => reject(new DefectError(words)));
  try {
    await Promise.race([host.stop(), late]);
  } finally {
    timer.cancel();
  }
}
