import type { Config } from "./config.ts";
import { Host } from "./host.ts";
import { stderrLog } from "./internal/stderr_log.ts";
import { libraryPath } from "./library_path.ts";
import { readRegistry } from "./registry/read_registry.ts";

const STOP_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Runs the host until a signal stops it: SIGINT or SIGTERM, on Windows Ctrl+C or Ctrl+Break.
 *
 * @param config The checked configuration.
 * @returns The exit code, 0.
 * @throws {InputError} When the registry cannot be used; nothing has been started then.
 * @throws {NativeError} When the journal or the library cannot be opened.
 * @throws {StoreError} When the store cannot be opened.
 */
export async function runHost(config: Config): Promise<number> {
  const registry = await readRegistry(config.registryPath);
  const library = await libraryPath(config.libraryPath);
  const log = stderrLog({ level: config.logLevel });
  const host = await Host.open({ config, registry, libraryPath: library, log });
  const stopRequested = Promise.withResolvers<void>();
  const onSignal = () => stopRequested.resolve();
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, onSignal);
  try {
    const running = host.run();
    const started = host.start().then(() => {
      sayReady(registry.plugins.filter(({ enabled }) => enabled).length, config.journalPath);
    });
    await Promise.race([running, started.then(() => stopRequested.promise), stopRequested.promise]);
  } finally {
    await host.stop();
    for (const signal of STOP_SIGNALS) Deno.removeSignalListener(signal, onSignal);
  }
  return 0;
}

/** Not a line of log: whoever supervises the host waits for exactly these words. */
function sayReady(plugins: number, journalPath: string): void {
  const line = `onhook ready: ${plugins} plugins, journal ${journalPath}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(line));
}
