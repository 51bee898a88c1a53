import { resolve } from "@std/path";
import type { Clock } from "../internal/clock.ts";
import { FileWatch } from "./_file_watch.ts";
import { readRegistry } from "./read_registry.ts";
import type { Registry } from "./registry_schema.ts";
import type { RegistrySource } from "./registry_source.ts";

/**
 * How often the file is looked at besides being watched, in milliseconds: nothing tells of a file
 * on a network, or of a link that leads to another file now.
 */
const LOOK_EVERY_MS = 2000;

/** The registry in a file. */
export class FileRegistrySource implements RegistrySource {
  readonly name: string;
  readonly #clock: Clock;
  readonly #lookEveryMs: number;

  /** @param path Path of the file; it need not be there yet. */
  constructor(path: string, clock: Clock, lookEveryMs: number = LOOK_EVERY_MS) {
    this.name = resolve(path);
    this.#clock = clock;
    this.#lookEveryMs = lookEveryMs;
  }

  read(): Promise<Registry> {
    return readRegistry(this.name);
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void, void, void> {
    while (!signal.aborted) {
      // A file that is replaced is another one, so each change is waited for by a watch of its own.
      using watch = await FileWatch.begin(this.name, this.#clock, this.#lookEveryMs, signal);
      yield;
      await watch.changed;
    }
  }
}
