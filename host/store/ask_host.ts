import { join } from "@std/path";
import { systemClock } from "../internal/clock.ts";
import { StoreError } from "../internal/errors.ts";
import { Store } from "./store.ts";

/**
 * Asks something of the host through its store: the running one takes it up within a second, else
 * the next one does when it starts.
 *
 * @param kind What is asked, such as `release`; `stop` is for the host itself and for the one alone
 * that runs now.
 * @param plugin The plugin that is meant, empty for `stop`.
 * @throws {StoreError} When there is no store in the folder or it does not know the plugin.
 */
export function askHost(stateFolder: string, kind: string, plugin: string): void {
  const path = join(stateFolder, "onhook.sqlite");
  try {
    Deno.statSync(path);
  } catch (cause) {
    throw new StoreError(
      `Cannot ask the host: there is no store at ${path}, the state folder of a host is wanted; ` +
        "name it with --state, or its journal with --journal",
      { cause },
    );
  }
  const store = Store.open(stateFolder, systemClock);
  try {
    if (kind !== "stop" && store.cursor(plugin) === undefined) {
      throw new StoreError(
        `Cannot ${kind} ${plugin}: the host of ${stateFolder} has never run such a plugin, one that ` +
          "it runs is wanted; see deno task plugin list",
      );
    }
    store.transaction(() => store.addRequest(kind, plugin));
  } finally {
    store.close();
  }
}
