import type { Config } from "./config_schema.ts";
import { MemoryTrimmer } from "./ffi/memory_trimmer.ts";
import { Host, type HostReport } from "./host.ts";
import { systemClock } from "./internal/clock.ts";
import { DefectWatch } from "./internal/defect_watch.ts";
import { DefectError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";
import { stderrLog } from "./internal/stderr_log.ts";
import { stderrText } from "./internal/stderr_text.ts";
import { LogFile } from "./internal/log_file.ts";
import { TextQueue } from "./internal/text_queue.ts";
import { libraryPath } from "./library_path.ts";
import { openRegistrySource } from "./registry/open_registry_source.ts";
import { isDamaged } from "./store/is_damaged.ts";

/** On Windows also a console that is closed, and the end of the session. */
const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK", "SIGHUP", "SIGTERM"]
  : ["SIGINT", "SIGTERM"];

/** What may wait for the disk that the log is on; one file of it holds that. */
const LOG_WAITING_BYTES_MAX = 1024 * 1024;

/** How long the last lines may take to get there. */
const LAST_LINES_MS = 1000;

/** What the host says. */
interface Voice {
  readonly log: HostLog;
  readonly say: (words: string) => void;
}

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
  const file = openLogFile(config);
  const log = stderrLog({
    level: config.logLevel,
    ...(file && { isReadable: false, write: (line) => file.add(line) }),
  });
  if (file !== undefined) file.onDropped = (lines) => log.warn(droppedWords(lines));
  const say = (words: string) => sayEverywhere(words, file);
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
      isOver = await runToEnd(host, ended, config, { log, say });
      registry = host.registry;
    }
  } finally {
    if (hasRun) say("onhook stopped");
    await file?.drained(LAST_LINES_MS, systemClock);
    for (const signal of STOP_SIGNALS) Deno.removeSignalListener(signal, onSignal);
  }
  return 0;
}

/** @returns False when the store was found to be damaged, which the next host mends. */
async function runToEnd(
  host: Host,
  ended: Promise<void>,
  config: Config,
  { log, say }: Voice,
): Promise<boolean> {
  try {
    const running = Promise.race([host.run(), host.damaged, host.stopAsked, ended]);
    const started = host.start().then(() => true);
    if (await Promise.race([running, started])) {
      sayReady(host.report(), config, { log, say });
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

function sayReady({ plugins }: HostReport, { journalPath }: Config, { log, say }: Voice): void {
  const ready = plugins.filter(({ state }) => state === "ready").length;
  say(`onhook ready: ${ready} plugins, journal ${journalPath}`);
  if (ready === plugins.length) return;
  log.warn(`${plugins.length - ready} of ${plugins.length} plugins did not start, see above`);
}

/** The lines of log on their way into a file, when the configuration names one. */
function openLogFile(config: Config): TextQueue | undefined {
  const { logPath } = config;
  if (logPath === undefined) return undefined;
  return new TextQueue(new LogFile(logPath, config, systemClock), LOG_WAITING_BYTES_MAX);
}

const droppedWords = (lines: number): string =>
  `${lines} lines of log were dropped: the disk did not take them in time`;

/** No line of log: whoever supervises the host waits for exactly these words on standard error. */
function sayEverywhere(words: string, file: TextQueue | undefined): void {
  for (const text of [stderrText, file]) text?.add(`${words}\n`);
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
