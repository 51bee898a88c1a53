import type { PluginLog } from "./define_plugin.ts";

/**
 * Sends what a plugin prints with `console` to the host's log.
 *
 * @param log Gives the logger of the event in hand at the moment of the call.
 */
export function replaceConsole(log: () => PluginLog): void {
  const inspect = Deno.inspect;
  const text = (args: unknown[]): string =>
    args.map((arg) => typeof arg === "string" ? arg : inspect(arg)).join(" ");
  const replaced = {
    debug: (...args: unknown[]) => log().debug(text(args)),
    trace: (...args: unknown[]) => log().debug(text(args)),
    log: (...args: unknown[]) => log().info(text(args)),
    info: (...args: unknown[]) => log().info(text(args)),
    table: (...args: unknown[]) => log().info(text(args)),
    dir: (...args: unknown[]) => log().info(text(args)),
    warn: (...args: unknown[]) => log().warn(text(args)),
    error: (...args: unknown[]) => log().error(text(args)),
    assert: (condition?: unknown, ...args: unknown[]) => {
      if (!condition) log().error(`Assertion failed ${text(args)}`);
    },
  };
  Object.assign(globalThis.console, replaced);
}
