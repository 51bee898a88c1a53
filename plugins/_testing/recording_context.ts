import type { PluginContext, PluginLog } from "onhook";

/** One line that a plugin logged. */
export interface LoggedLine {
  /** The method of `ctx.log` that was called. */
  level: keyof PluginLog;
  /** Its message. */
  message: string;
  /** Its fields, empty when there were none. */
  fields: Readonly<Record<string, unknown>>;
}

/** A context for one plugin, and what the plugin said through it. */
export interface RecordingContext<Config> {
  /** To be handed to handlers. */
  ctx: PluginContext<Config>;
  /** What was logged, in order. */
  lines: LoggedLine[];
  /** Aborts `ctx.signal`, as the host does at the time limit. */
  abort(): void;
}

/**
 * A context whose log is a list, for tests that call handlers directly.
 *
 * @param config What `ctx.config` shall be; use the plugin's own `config.parse` to get defaults.
 */
export function recordingContext<Config>(config: Config): RecordingContext<Config> {
  const lines: LoggedLine[] = [];
  const controller = new AbortController();
  const to = (level: keyof PluginLog): PluginLog["info"] => (message, fields = {}) => {
    lines.push({ level, message, fields });
  };
  const log = { debug: to("debug"), info: to("info"), warn: to("warn"), error: to("error") };
  return {
    ctx: {
      plugin: "under-test",
      config,
      log,
      signal: controller.signal,
      once: async (_key, action) => await action(),
    },
    lines,
    abort: () => controller.abort(),
  };
}
