/**
 * Hears of errors that no part of the host has caught. Without it the runtime would end the process
 * at once with a code of its own, without a stop.
 */
export class DefectWatch implements Disposable {
  readonly #found = Promise.withResolvers<never>();
  readonly #listeners = new AbortController();

  constructor() {
    const { signal } = this.#listeners;
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      this.#found.reject(event.reason);
    }, { signal });
    globalThis.addEventListener("error", (event) => {
      event.preventDefault();
      this.#found.reject(event.error);
    }, { signal });
    // Whoever is not waiting for it when it comes need not hear of it.
    this.#found.promise.catch(() => {});
  }

  /** Rejected with the first such error. */
  get found(): Promise<never> {
    return this.#found.promise;
  }

  [Symbol.dispose](): void {
    this.#listeners.abort();
  }
}
