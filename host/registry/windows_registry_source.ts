import type { Clock } from "../internal/clock.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import type { RegistryWatch } from "../windows/registry_hive.ts";
import type { EditWindowsRegistryOptions } from "./edit_windows_registry.ts";
import { readWindowsRegistry } from "./read_windows_registry.ts";
import type { Registry } from "./registry_schema.ts";
import type { RegistrySource } from "./registry_source.ts";
import { PLUGINS_KEY } from "./windows_registry_document.ts";

/**
 * How often the registry is looked at besides being watched, in milliseconds: nothing can watch a
 * key that is not there.
 */
const LOOK_EVERY_MS = 2000;

/** The plugins of the Windows registry. */
export class WindowsRegistrySource implements RegistrySource {
  readonly name: string = PLUGINS_KEY;
  readonly #place: EditWindowsRegistryOptions;
  readonly #clock: Clock;

  /** @param place The registry, and where relative paths in it start from. */
  constructor(place: EditWindowsRegistryOptions, clock: Clock) {
    this.#place = place;
    this.#clock = clock;
  }

  async read(): Promise<Registry> {
    return await readWindowsRegistry(this.#place);
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void, void, void> {
    while (!signal.aborted) {
      const watch = this.#watch();
      const wait = Promise.withResolvers<void>();
      const over = () => wait.resolve();
      signal.addEventListener("abort", over);
      watch?.changed.then(over, over);
      const timer = this.#clock.startTimer(LOOK_EVERY_MS, over);
      try {
        yield;
        await wait.promise;
      } finally {
        timer.cancel();
        signal.removeEventListener("abort", over);
        watch?.close();
      }
    }
  }

  #watch(): RegistryWatch | undefined {
    try {
      return this.#place.hive.watch(ONHOOK_KEYS.plugins);
    } catch {
      // Then it is looked at from time to time; reading it tells what is wrong.
      return undefined;
    }
  }
}
