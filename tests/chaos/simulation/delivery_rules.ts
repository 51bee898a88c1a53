import { EventType } from "../../../host/events/event_type.ts";
import { layout } from "../../../host/events/layout.ts";
import { walkEntries } from "../../../host/events/walk_entries.ts";
import { attemptsOf } from "../../../host/pipeline/attempt_runs.ts";
import type { PluginEntry } from "../../../host/registry/registry_schema.ts";
import { PluginRecord } from "./plugin_record.ts";
import type { SimJournal } from "./sim_journal.ts";
import type { Handed, SimProcess } from "./sim_process.ts";
import type { StoredCursor, StoreView } from "./store_view.ts";

/** What the rules have to know of the world. */
export interface RulesWorld {
  readonly journal: SimJournal;
  readonly nowMs: number;
  /** Most events that one frame may hold. */
  readonly frameEventsMax: number;
  readonly parkedRetryMs: number;
  /** The plugins that run, in call order. */
  readonly plugins: readonly PluginEntry[];
  /** Who the host calls in which order, and the newest event that it knows. */
  lineUp(): { readonly newest: number; readonly ids: readonly string[] } | undefined;
  /** What the host says of a plugin. */
  stateOf(plugin: string): string | undefined;
}

/** How far the events in the database are those of the journal. */
interface Taken {
  /** Sequence of the newest event in the database. */
  readonly last: number;
  /** Records of the journal that are behind it. */
  readonly records: number;
  /** Losses that gaps have told of. */
  readonly lost: number;
}

/**
 * The delivery rules, held against what leaves the host and what stands in the database after each
 * transaction. It learns nothing from the host's own bookkeeping but who is parked or held.
 */
export class DeliveryRules {
  /** What was broken, oldest first. */
  readonly broken: string[] = [];
  readonly #world: RulesWorld;
  readonly #records = new Map<string, PluginRecord>();
  #taken: Taken = { last: 0, records: 0, lost: 0 };
  #durable: Taken = this.#taken;
  #cursors = new Map<string, StoredCursor>();
  #durableCursors = this.#cursors;
  /** The plugins of the last host. */
  #lineUp: string[] = [];

  constructor(world: RulesWorld) {
    this.#world = world;
  }

  /** Sequence of the newest event in the database. */
  get last(): number {
    return this.#taken.last;
  }

  record(plugin: string): PluginRecord {
    const known = this.#records.get(plugin) ?? new PluginRecord();
    this.#records.set(plugin, known);
    return known;
  }

  /** Says that a rule does not hold. */
  fail(rule: string, what: string): void {
    this.broken.push(`${Math.floor(this.#world.nowMs)} ms: ${rule}: ${what}`);
  }

  /** A transaction of the host is in the database. */
  committed(view: StoreView): void {
    this.noticeLineUp();
    for (const row of view.rowsFrom(this.#taken.last + 1)) this.#takenIn(row);
    const cursors = view.cursors();
    const first = view.first();
    for (const [plugin, cursor] of cursors) this.#moved(plugin, cursor, view, first);
    this.#cursors = cursors;
    this.#endExemptions();
    for (const { id } of this.#world.plugins) {
      const settled = cursors.get(id)?.settled ?? Infinity;
      if (first > settled + 1 && !this.record(id).wasAway) {
        this.fail("retention", `${id} is at ${settled}, the store begins at ${first}`);
      }
    }
  }

  /** @returns What to call when that what is in the database now is safe from a loss of power. */
  durable(): () => void {
    const taken = this.#taken;
    const cursors = this.#cursors;
    return () => {
      this.#durable = taken;
      this.#durableCursors = cursors;
    };
  }

  /** The database is what it was when it was durable last. */
  powerLost(): void {
    this.#taken = this.#durable;
    this.#cursors = this.#durableCursors;
    this.#lineUp = [];
    for (const [plugin, record] of this.#records) {
      record.powerLost(this.#cursors.get(plugin)?.settled ?? 0);
    }
  }

  /** The host begins with these plugins. */
  hostStarted(): void {
    const { plugins } = this.#world;
    for (const { id } of plugins) {
      // What was there before keeps the order that it had, in which this one was not.
      if (!this.#lineUp.includes(id)) this.record(id).gatesFrom = this.#taken.last + 1;
    }
    this.#lineUp = plugins.map(({ id }) => id);
    for (const [index, { id }] of plugins.entries()) {
      const settled = this.#settled(id);
      const behind = plugins.slice(index + 1).map((other) => this.#settled(other.id));
      this.record(id).began(settled < Math.max(0, ...behind));
    }
  }

  /** The host has taken up another list: who is new waits for nobody, and nobody for it, till then. */
  noticeLineUp(): void {
    const now = this.#world.lineUp();
    if (now === undefined || now.ids.join() === this.#lineUp.join()) return;
    for (const id of now.ids.filter((id) => !this.#lineUp.includes(id))) {
      this.record(id).gatesFrom = now.newest + 1;
      this.record(id).began(true);
    }
    this.#lineUp = [...now.ids];
  }

  /** The journal gives room back up to a position. */
  released(position: bigint, lostTotal: bigint): void {
    const { records } = this.#world.journal;
    const open = records.slice(this.#durable.records).find(({ state }) => state === "published");
    if (open !== undefined && open.position < Number(position)) {
      this.fail("release", `the journal is released to ${position}, ${open.position} is not safe`);
    }
    if (Number(lostTotal) > this.#durable.lost) {
      this.fail("release", `${lostTotal} losses are acknowledged, ${this.#durable.lost} are safe`);
    }
  }

  /** A frame reaches a process. */
  handed(process: SimProcess, batch: readonly Handed[], view: StoreView): void {
    this.noticeLineUp();
    const { frameEventsMax } = this.#world;
    const { plugin } = process;
    const inHand = process.inHand.length + batch.length;
    if (inHand > 2 * frameEventsMax) {
      this.fail("rule 7, bounded", `${plugin} has ${inHand} events in hand`);
    }
    if (!process.isReady) this.fail("start", `${plugin} is handed events before it is ready`);
    let next = (process.inHand.at(-1)?.sequence ?? this.#settled(plugin)) + 1;
    for (const handed of batch) {
      const isRedrive = handed.sequence <= this.#settled(plugin);
      if (isRedrive) this.#redriven(process, handed, batch.length, view);
      else this.#handedInOrder(process, handed, next++);
    }
  }

  /** Looks at what a process has in hand. */
  holdLimit(process: SimProcess, timeoutMs: number): void {
    const waitedMs = this.#world.nowMs - process.progressMs;
    const isOwed = process.isAlive && process.kills === 0 && process.inHand.length > 0;
    if (isOwed && !process.isStopping && waitedMs > timeoutMs + 5) {
      this.fail("rule 5, time limit", `${process.plugin} has not answered for ${waitedMs} ms`);
    }
  }

  /** Whether the database says that every plugin is done with every event. */
  get isSettled(): boolean {
    return this.#world.plugins.every(({ id }) =>
      this.#cursors.get(id)?.settled === this.#taken.last
    );
  }

  /** When nothing is left to do. */
  finished(view: StoreView): void {
    const { journal, plugins } = this.#world;
    const left = journal.records.slice(this.#taken.records)
      .filter(({ state }) => state === "published");
    if (left.length > 0) this.fail("nothing lost", `${left.length} events were never taken in`);
    if (this.#taken.lost !== journal.lostTotal) {
      this.fail("gaps", `${this.#taken.lost} lost events told, there were ${journal.lostTotal}`);
    }
    for (const { id } of plugins) this.#outcomes(id, view);
    if (view.requests() > 0) this.fail("requests", `${view.requests()} are left undone`);
  }

  #settled(plugin: string): number {
    return this.#cursors.get(plugin)?.settled ?? this.#taken.last;
  }

  /** New events are those of the journal, each once and in order, and gaps add up. */
  #takenIn({ first, last, bytes }: { first: number; last: number; bytes: Uint8Array }): void {
    let { records, lost } = this.#taken;
    const { journal } = this.#world;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let sequence = this.#taken.last + 1;
    for (const entry of walkEntries(bytes)) {
      if (entry.sequence !== sequence) {
        this.fail("rule 2, sequence", `event ${entry.sequence} is stored, ${sequence} is next`);
      }
      sequence++;
      if (entry.type === EventType.gap) {
        const told = Number(view.getBigUint64(entry.offset + layout.gap.lost, true));
        lost += told;
        const total = Number(view.getBigUint64(entry.offset, true));
        if (told === 0 || lost !== total) this.fail("gaps", `${lost} lost are told, not ${total}`);
        continue;
      }
      while (journal.records[records]?.state !== "published" && records < journal.records.length) {
        records++;
      }
      const expected = journal.records[records++];
      const at = Number(view.getBigUint64(entry.offset, true));
      const isSame = expected !== undefined && at === expected.position &&
        sameBytes(bytes, entry.offset, expected.entry);
      if (!isSame) {
        this.fail("every event once", `${at} is stored, ${expected?.position} is next`);
      }
    }
    if (first !== this.#taken.last + 1 || last !== sequence - 1) {
      this.fail("rule 2, sequence", `a row says ${first} to ${last}, it ends with ${sequence - 1}`);
    }
    this.#taken = { last, records, lost };
  }

  /** A cursor moves over what is settled, and over nothing else. */
  #moved(plugin: string, cursor: StoredCursor, view: StoreView, first: number): void {
    const record = this.record(plugin);
    const known = this.#cursors.get(plugin);
    if (known === undefined) record.beganBehind = cursor.settled;
    const before = known?.settled ?? cursor.settled;
    if (cursor.settled < before) {
      this.fail("rule 4, cursor", `${plugin} goes back from ${before} to ${cursor.settled}`);
    }
    for (let sequence = before + 1; sequence <= cursor.settled; sequence++) {
      if (record.settled.has(sequence)) continue;
      // Dropped by retention while the plugin was not in the registry.
      if (sequence < first && record.wasAway) continue;
      const kind = view.failureKind(plugin, sequence);
      const isMeant = kind !== undefined && record.isBlamed(sequence, kind);
      if (!isMeant) {
        const what = kind === undefined ? "nothing" : `a failure (${kind}) that it had no part in`;
        this.fail("rule 4, cursor", `${plugin} passes event ${sequence} after ${what}`);
      }
    }
  }

  #handedInOrder({ plugin }: SimProcess, { sequence, attempt }: Handed, next: number): void {
    const record = this.record(plugin);
    const cursor = this.#cursors.get(plugin);
    const stored = cursor === undefined ? 0 : attemptsOf(cursor.runs, sequence);
    if (sequence > this.#taken.last || stored < attempt) {
      this.fail("store before send", `${plugin} is handed ${sequence} (${attempt}), not stored`);
    }
    if (sequence !== next) {
      this.fail("rule 2, order", `${plugin} is handed ${sequence}, ${next} is next`);
    }
    const most = record.handed(sequence, attempt);
    if (attempt <= most) {
      this.fail("rule 4, attempt", `${plugin} is handed ${sequence} as attempt ${attempt} again`);
    }
    this.#wantLeave(plugin, sequence);
    this.#wantTurn(plugin, sequence);
  }

  /** Every plugin before it has settled the event, unless it is parked or held. */
  #wantTurn(plugin: string, sequence: number): void {
    if (sequence < this.record(plugin).gatesFrom || !this.#lineUp.includes(plugin)) return;
    for (const id of this.#lineUp) {
      if (id === plugin) return;
      const { isExempt, gatesFrom } = this.record(id);
      if (this.#settled(id) >= sequence || isExempt || sequence < gatesFrom) continue;
      const state = this.#world.stateOf(id);
      if (state === "parked" || state === "held") this.record(id).isExempt = true;
      else {
        this.fail("rule 1, order of plugins", `${plugin} is handed ${sequence} before ${id}`);
      }
    }
  }

  /** After a failure the plugin is left alone as long as its entry says. */
  #wantLeave(plugin: string, sequence: number): void {
    const { quietUntilMs } = this.record(plugin);
    if (this.#world.nowMs < quietUntilMs) {
      this.fail("rule 6, onFailure", `${plugin} is handed ${sequence} before ${quietUntilMs} ms`);
    }
  }

  #redriven(process: SimProcess, handed: Handed, count: number, view: StoreView): void {
    const { plugin } = process;
    const { sequence, attempt } = handed;
    if (count > 1 || process.inHand.length > 0) {
      this.fail("redrive", `${plugin} is handed ${sequence} again beside other events`);
    }
    if (!view.isRedriveAsked(plugin, sequence)) {
      this.fail("rule 2, order", `${plugin} is handed ${sequence} again and nobody asked`);
    }
    if (attempt <= this.record(plugin).handed(sequence, attempt)) {
      this.fail("rule 4, attempt", `${plugin} is handed ${sequence} as attempt ${attempt} again`);
    }
    this.#wantLeave(plugin, sequence);
  }

  /** A plugin that was parked gates again as soon as it is as far as those behind it. */
  #endExemptions(): void {
    const ids = this.#lineUp;
    for (const [index, id] of ids.entries()) {
      const furthest = Math.max(0, ...ids.slice(index + 1).map((it) => this.#settled(it)));
      const isReady = this.#world.stateOf(id) === "ready";
      this.record(id).gatesAgain(isReady && this.#settled(id) >= furthest);
    }
  }

  /** Every event has one outcome, and every one of them was seen. */
  #outcomes(plugin: string, view: StoreView): void {
    const record = this.record(plugin);
    if (this.#settled(plugin) !== this.#taken.last) {
      this.fail("finished", `${plugin} is at ${this.#settled(plugin)} of ${this.#taken.last}`);
    }
    const outcomes = new Set(view.failures(plugin).map(({ sequence }) => sequence));
    for (const run of view.doneRuns(plugin)) {
      for (let sequence = run.first; sequence <= run.last; sequence++) outcomes.add(sequence);
    }
    const from = Math.max(record.beganBehind + 1, view.first());
    for (let sequence = from; sequence <= this.#taken.last; sequence++) {
      if (!outcomes.has(sequence)) {
        this.fail("outcome", `${plugin} has none for event ${sequence}`);
      }
      if (!record.wasHanded(sequence) && !record.wasAway) {
        this.fail("rule 4, at least once", `${plugin} was never handed event ${sequence}`);
      }
    }
  }
}

/** Everything but the sequence, which the host writes. */
function sameBytes(bytes: Uint8Array, offset: number, entry: Uint8Array): boolean {
  const { sequence, time } = layout.entry;
  for (let i = 0; i < entry.byteLength; i++) {
    if (i >= sequence && i < time) continue;
    if (bytes[offset + i] !== entry[i]) return false;
  }
  return true;
}
