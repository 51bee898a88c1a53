import { StoreError } from "../internal/errors.ts";
import type { HostLog } from "../internal/host_log.ts";
import { changedKeys } from "../registry/changed_keys.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { Cursor, Store } from "../store/store.ts";
import { limitsOf } from "../supervisor/limits_of.ts";
import { handedUpTo } from "./attempt_runs.ts";
import { CallOrder, type PastOrder } from "./call_order.ts";
import { Lane } from "./lane.ts";
import type { LaneChange, LaneOptions } from "./lane_options.ts";

/** What a line-up stands on. */
export interface LineUpOptions extends Omit<LaneOptions, "entry" | "cursor" | "before"> {
  /** The enabled plugins in call order. */
  readonly plugins: readonly PluginEntry[];
  readonly store: Store;
  readonly log: HostLog;
  /** Sequence of the newest event, asked for when a plugin comes that was never there. */
  readonly newest: () => number;
  /** How long a plugin that has nothing in hand may take to end, in milliseconds. */
  readonly stopLimitMs: number;
}

/** What is kept in the store, so that a death of the host changes no order. */
interface SavedOrder {
  readonly now: readonly string[];
  readonly past: readonly PastOrder[];
  /** Those that nobody waits for. */
  readonly detached: readonly string[];
}

/** Its name among the texts of the store. */
const SAVED_AS = "call_order";

/**
 * The lanes in call order, while the list of plugins changes. A plugin whose entry is another one,
 * or that is gone, first finishes what it has in hand; only then its place is taken or closed. So
 * there is never more than one process of a plugin, and nobody overtakes the event in hand.
 */
export class LineUp {
  readonly #options: LineUpOptions;
  readonly #order: CallOrder;
  /** All that have a process or will have one; those that are to go are among them until then. */
  readonly #byId = new Map<string, Lane>();
  readonly #retiring = new Set<Lane>();
  #wanted = new Map<string, PluginEntry>();
  /** Those that are wanted, in the call order of what comes. */
  #lanes: readonly Lane[] = [];
  /** Lanes whose place is taken; what they have settled last is not stored yet. */
  #ended: Lane[] = [];
  #saved: { now: readonly string[]; past: readonly PastOrder[]; detached: boolean[] } | undefined;
  #isStopping = false;
  /** The last event that any plugin has been handed, when it was noticed last. */
  #handed = 0;

  constructor(options: LineUpOptions) {
    this.#options = options;
    const { store, plugins } = options;
    const text = store.kept(SAVED_AS);
    const saved = text === undefined ? undefined : JSON.parse(text) as SavedOrder;
    const ids = this.#want(plugins);
    this.#order = new CallOrder(saved?.now ?? ids, saved?.past);
    // A new plugin is where the newest event is, which nobody needs to have been handed.
    const known = plugins.filter(({ id }) => store.cursor(id) !== undefined);
    for (const entry of plugins) this.#byId.set(entry.id, this.#makeLane(entry));
    for (const { id } of known) this.#notice(this.#byId.get(id)!);
    for (const id of saved?.past.flatMap((past) => past.plugins) ?? []) {
      if (!this.#wanted.has(id)) this.#order.remove(id);
    }
    this.#order.change(ids, this.#handed);
    this.#lineUp();
    // Before anything of this was kept, who was behind one that comes later had been parked.
    const mayBeDetached = (id: string) =>
      saved === undefined || saved.detached.includes(id) || !saved.now.includes(id);
    this.#detachStragglers(ids.filter(mayBeDetached));
  }

  /** Those that run or are to run, in the call order of what comes. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Starts all plugins at once. */
  start(): void {
    for (const lane of this.#lanes) lane.process.start();
  }

  /** Ends all, those that are ending already included. */
  async stop(limitMs: number): Promise<void> {
    this.#isStopping = true;
    await Promise.all([...this.#byId.values()].map((lane) => lane.stop(limitMs)));
  }

  /**
   * Takes up another list: what any plugin has been handed keeps the order that it had, all that
   * comes after it has the new one.
   *
   * @returns False when nothing was done, because too many changes before this one are not through.
   */
  reload(plugins: readonly PluginEntry[]): boolean {
    if (!this.#order.hasRoom || this.#isStopping) return false;
    const joining = this.#makeAll(plugins.filter(({ id }) => !this.#byId.has(id)));
    if (joining === undefined) return false;
    const before = [...this.#byId.values()];
    before.forEach((lane) => this.#notice(lane));
    const ids = this.#want(plugins);
    for (const lane of before) {
      const entry = this.#wanted.get(lane.entry.id);
      if (entry === undefined || changedKeys(lane.entry, entry).length > 0) this.#retire(lane);
    }
    for (const lane of joining) this.#byId.set(lane.entry.id, lane);
    this.#order.change(ids, this.#handed);
    this.#lineUp();
    this.#detachStragglers(joining.map(({ entry }) => entry.id));
    for (const lane of joining) lane.process.start();
    return true;
  }

  /** Ends a plugin's process after the event in hand, and starts it anew. */
  restart(lane: Lane, why: string): void {
    const { id } = lane.entry;
    if (this.#isStopping || this.#byId.get(id) !== lane || this.#retiring.has(lane)) return;
    this.#options.log.info(`The plugin is started again: ${why}`, { plugin: id });
    this.#retire(lane);
  }

  /** What each lane wants to have stored; what it planned before a failure stays planned. */
  plan(newest: number): [Lane, LaneChange][] {
    const changes: [Lane, LaneChange][] = [];
    const plan = (lane: Lane, limit: number, furthest: number) => {
      const change = lane.plan(limit, furthest);
      if (change !== undefined) changes.push([lane, change]);
    };
    for (const lane of this.#ended) plan(lane, 0, Infinity);
    for (const lane of this.#retiring) {
      if (!this.#wanted.has(lane.entry.id)) plan(lane, 0, Infinity);
    }
    const furthest = furthestBehind(this.#lanes);
    const isChanging = this.#order.past.length > 0;
    if (isChanging) this.#order.forget(this.#settledByAttached());
    let limit = newest;
    for (const [index, lane] of this.#lanes.entries()) {
      if (isChanging) limit = Math.min(newest, this.#order.limitOf(lane.entry.id, this.#settledOf));
      plan(lane, limit, furthest[index]!);
      // One that came later may be further than those before it.
      if (!lane.isDetached) limit = Math.min(limit, lane.position);
    }
    return changes;
  }

  /** Whether the order is not the one that is kept. */
  get isUnsaved(): boolean {
    const saved = this.#saved;
    return saved === undefined || saved.now !== this.#order.now ||
      saved.past !== this.#order.past ||
      this.#lanes.some(({ isDetached }, i) => isDetached !== saved.detached[i]);
  }

  /** Inside a transaction: keeps the order. */
  save(): void {
    const { now, past } = this.#order;
    const detached = this.#lanes.filter((lane) => lane.isDetached).map(({ entry }) => entry.id);
    this.#options.store.keep(SAVED_AS, JSON.stringify({ now, past, detached }));
  }

  /** Says that all that `plan` gave is stored, and the order. */
  stored(): void {
    this.#ended = [];
    if (!this.isUnsaved) return;
    const { now, past } = this.#order;
    this.#saved = { now, past, detached: this.#lanes.map(({ isDetached }) => isDetached) };
  }

  readonly #settledOf = (id: string): number => {
    const lane = this.#byId.get(id);
    return lane === undefined || lane.isDetached ? Infinity : lane.position;
  };

  #settledByAttached(): number {
    return Math.min(...this.#byId.keys().map(this.#settledOf));
  }

  #want(plugins: readonly PluginEntry[]): string[] {
    this.#wanted = new Map(plugins.map((entry) => [entry.id, entry]));
    return [...this.#wanted.keys()];
  }

  #notice({ legacy }: Lane): void {
    this.#handed = Math.max(this.#handed, handedUpTo(legacy.cursor));
  }

  #lineUp(): void {
    this.#lanes = this.#order.now.map((id) => this.#byId.get(id)!);
  }

  /** @returns `undefined` while the store cannot be read; nothing has been changed then. */
  #makeAll(entries: readonly PluginEntry[]): Lane[] | undefined {
    try {
      return entries.map((entry) => this.#makeLane(entry));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#options.log.error(`${error.message}; the changed registry waits until that works`);
      return undefined;
    }
  }

  #makeLane(entry: PluginEntry, before?: Lane): Lane {
    const { store, newest } = this.#options;
    const legacy = before?.legacy;
    // One that comes back at once may have settled what is not stored yet.
    const unsaved = this.#ended.findLast((lane) => lane.entry.id === entry.id);
    const cursor = legacy?.cursor ?? unsaved?.legacy.cursor ?? store.cursor(entry.id);
    // A plugin that is new begins with what comes from now on.
    const fresh = (): Cursor => ({ settled: newest(), runs: [] });
    return new Lane({
      ...this.#options,
      entry,
      limits: limitsOf(entry, this.#options.limits),
      cursor: cursor ?? fresh(),
      before: legacy,
    });
  }

  #retire(lane: Lane): void {
    if (this.#retiring.has(lane)) return;
    this.#retiring.add(lane);
    lane.retire(this.#options.stopLimitMs).then(() => this.#end(lane));
  }

  /** A lane has ended: another one takes its place, or the place is closed. */
  #end(lane: Lane): void {
    if (this.#isStopping) return;
    const { id } = lane.entry;
    this.#retiring.delete(lane);
    this.#ended.push(lane);
    this.#notice(lane);
    const entry = this.#wanted.get(id);
    if (entry === undefined) {
      this.#byId.delete(id);
      this.#order.remove(id);
    } else this.#byId.set(id, this.#makeLane(entry, lane));
    this.#lineUp();
    if (entry !== undefined) this.#byId.get(id)!.process.start();
    this.#options.onTurn();
  }

  /** Those that are behind one that comes after them are not waited for until they have caught up. */
  #detachStragglers(ids: readonly string[]): void {
    const furthest = furthestBehind(this.#lanes);
    for (const [index, lane] of this.#lanes.entries()) {
      if (!ids.includes(lane.entry.id) || lane.position >= furthest[index]!) continue;
      lane.detach();
      this.#options.log.info("The plugin has events to catch up with; the others do not wait", {
        plugin: lane.entry.id,
      });
    }
  }
}

/** For each lane, how far the furthest of those behind it is. */
function furthestBehind(lanes: readonly Lane[]): number[] {
  const furthest = new Array<number>(lanes.length).fill(0);
  for (let i = lanes.length - 2; i >= 0; i--) {
    furthest[i] = Math.max(furthest[i + 1]!, lanes[i + 1]!.position);
  }
  return furthest;
}
