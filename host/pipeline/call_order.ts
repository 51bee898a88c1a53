/** An order that was in force for events up to one. */
export interface PastOrder {
  /** The last event that it is for. */
  readonly upTo: number;
  /** Ids in call order. */
  readonly plugins: readonly string[];
}

/** More changes than this are not taken up before plugins have settled what was before them. */
export const PAST_ORDERS_MAX = 32;

/**
 * Which plugin is called after which, for each event. The order may change while plugins are at
 * different events: what any of them has been handed already keeps the order that it was handed in,
 * and everything behind that has the new one.
 */
export class CallOrder {
  #past: readonly PastOrder[];
  #now: readonly string[];

  /**
   * @param now Ids in the call order of what comes.
   * @param past Orders of events before that, ascending.
   */
  constructor(now: readonly string[], past: readonly PastOrder[] = []) {
    this.#now = now;
    this.#past = past;
  }

  /** Ids in the call order of what comes. */
  get now(): readonly string[] {
    return this.#now;
  }

  /** The orders that are still in force for older events, ascending. */
  get past(): readonly PastOrder[] {
    return this.#past;
  }

  /** Whether a further change can be taken up. */
  get hasRoom(): boolean {
    return this.#past.length < PAST_ORDERS_MAX;
  }

  /**
   * Changes the order of everything that nobody has been handed.
   *
   * @param handed The last event that any plugin has been handed.
   */
  change(plugins: readonly string[], handed: number): void {
    const isSame = plugins.length === this.#now.length &&
      plugins.every((id, i) => this.#now[i] === id);
    if (isSame) return;
    const begin = this.#past.at(-1)?.upTo ?? 0;
    if (handed > begin) this.#past = [...this.#past, { upTo: handed, plugins: this.#now }];
    this.#now = plugins;
  }

  /** Nobody waits for a plugin any more. */
  remove(plugin: string): void {
    const without = (ids: readonly string[]) => ids.filter((id) => id !== plugin);
    this.#now = without(this.#now);
    this.#past = this.#past.map(({ upTo, plugins }) => ({ upTo, plugins: without(plugins) }));
  }

  /** Forgets orders of events that all have settled. */
  forget(settledByAll: number): void {
    if (this.#past.some(({ upTo }) => upTo <= settledByAll)) {
      this.#past = this.#past.filter(({ upTo }) => upTo > settledByAll);
    }
  }

  /**
   * The last event that a plugin may be handed: those before it in the event's order have settled it.
   *
   * @param settledOf How far a plugin is, `Infinity` when nobody waits for it.
   */
  limitOf(plugin: string, settledOf: (plugin: string) => number): number {
    let begin = 0;
    for (const { upTo, plugins } of this.#past) {
      const settled = settledBefore(plugins, plugin, settledOf);
      if (settled < upTo) return Math.max(settled, begin);
      begin = upTo;
    }
    return Math.max(settledBefore(this.#now, plugin, settledOf), begin);
  }
}

/** The last event that all plugins before one have settled. */
function settledBefore(
  plugins: readonly string[],
  plugin: string,
  settledOf: (plugin: string) => number,
): number {
  const place = plugins.indexOf(plugin);
  let settled = Infinity;
  for (let i = 0; i < place; i++) settled = Math.min(settled, settledOf(plugins[i]!));
  return settled;
}
