import type { Registry } from "./registry_schema.ts";

/** Where the ordered list of plugins is read from, and how a change of it is noticed. */
export interface RegistrySource {
  /** What messages call it: the absolute path of the file, or the key of the Windows registry. */
  readonly name: string;
  /**
   * Reads the list as it is now and checks it.
   *
   * @throws {InputError} With every problem at once when it cannot be used.
   */
  read(): Promise<Registry>;
  /**
   * Yields when the list may be another one.
   *
   * - It yields once as soon as changes are noticed, so that what changed before that is not missed.
   * - After each change it yields at least once more; many changes may share one yield, and it may
   *   yield when nothing has changed, because whoever listens compares the lists.
   * - It does not throw: what cannot be watched is looked at from time to time.
   *
   * @param signal Ends it.
   */
  changes(signal: AbortSignal): AsyncIterable<void>;
}
