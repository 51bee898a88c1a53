/** What one plugin has seen. */
class Seen {
  /** The newest event that it was handed. */
  highest = 0;
  again = 0;
  gaps = 0;
  lost = 0;
  /** The highest attempt of each event. */
  attempts = new Uint16Array(1 << 16);

  attemptsFor(sequence: number): Uint16Array {
    if (sequence < this.attempts.length) return this.attempts;
    const longer = new Uint16Array(Math.max(this.attempts.length * 2, sequence + 1));
    longer.set(this.attempts);
    return this.attempts = longer;
  }
}

/** Rules that are told of when they are broken; more than this is the same trouble. */
const BROKEN_MAX = 20;

/**
 * Holds the delivery rules against the file that all plugins of a run wrote: lines of plugin,
 * sequence, attempt, id, type, lost events, process. They stand in the order in which they were
 * written, so it shows also which plugin was first.
 */
export class RecordCheck {
  readonly broken: string[] = [];
  /** Events of each service start, by its identity. */
  readonly eventsOf = new Map<string, number>();
  /** The identity of the service start of each process. */
  readonly bootOf = new Map<number, string>();
  readonly #order: readonly string[];
  readonly #seen = new Map<string, Seen>();
  /** A hash of the id that each sequence has. */
  #ids = new Uint32Array(1 << 16);

  readonly #isDead: (plugin: string, sequence: number) => boolean;

  /**
   * @param order The plugins in call order.
   * @param isDead Whether an event became a dead letter of a plugin: one whose process was stopped
   * by somebody, and then killed at the time limit, may never have seen it.
   */
  constructor(
    order: readonly string[],
    isDead: (plugin: string, sequence: number) => boolean = () => false,
  ) {
    this.#order = order;
    this.#isDead = isDead;
    for (const plugin of order) this.#seen.set(plugin, new Seen());
  }

  /** The newest event that a plugin was handed. */
  highest(plugin: string): number {
    return this.#seen.get(plugin)!.highest;
  }

  /** Events that came to a plugin more than once. */
  again(plugin: string): number {
    return this.#seen.get(plugin)!.again;
  }

  /** Lost events that gaps told a plugin of. */
  lost(plugin: string): number {
    return this.#seen.get(plugin)!.lost;
  }

  /** Takes one line. */
  add(line: string): void {
    const [plugin, sequenceText, attemptText, id, type, lost, pid] = line.split(" ");
    const seen = this.#seen.get(plugin!);
    const sequence = Number(sequenceText);
    const attempt = Number(attemptText);
    if (seen === undefined || !(sequence > 0) || !(attempt > 0) || pid === undefined) {
      return this.#fail(`a line that is none: ${line.slice(0, 100)}`);
    }
    this.#wantSameId(sequence, id!);
    const attempts = seen.attemptsFor(sequence);
    if (sequence <= seen.highest) {
      seen.again++;
      if (attempt <= attempts[sequence]!) {
        this.#fail(`${plugin}: event ${sequence} came again as attempt ${attempt}`);
      }
    } else {
      if (!this.isDone(plugin!, sequence - 1)) {
        this.#fail(`${plugin}: event ${sequence} after ${seen.highest}`);
      }
      seen.highest = sequence;
      this.#wantTurn(plugin!, sequence);
      this.#count(plugin!, id!, type!, Number(lost), Number(pid));
    }
    attempts[sequence] = Math.max(attempt, attempts[sequence]!);
  }

  #count(plugin: string, id: string, type: string, lost: number, pid: number): void {
    if (type === "gap") this.#seen.get(plugin)!.lost += lost;
    // The end of a session is the host's own event.
    if (plugin !== this.#order[0] || type === "gap" || type === "sessionEnd") return;
    const boot = id.split("-")[0]!;
    this.eventsOf.set(boot, (this.eventsOf.get(boot) ?? 0) + 1);
    if (pid > 0) this.bootOf.set(pid, boot);
  }

  /** Whoever is called before has been handed the event before. */
  #wantTurn(plugin: string, sequence: number): void {
    for (const before of this.#order) {
      if (before === plugin) return;
      if (!this.isDone(before, sequence)) {
        this.#fail(`${plugin}: event ${sequence} before ${before}`);
      }
    }
  }

  /** Whether a plugin has seen everything up to an event, but for its dead letters. */
  isDone(plugin: string, sequence: number): boolean {
    for (let next = this.highest(plugin) + 1; next <= sequence; next++) {
      if (!this.#isDead(plugin, next)) return false;
    }
    return true;
  }

  #wantSameId(sequence: number, id: string): void {
    if (sequence >= this.#ids.length) {
      const longer = new Uint32Array(Math.max(this.#ids.length * 2, sequence + 1));
      longer.set(this.#ids);
      this.#ids = longer;
    }
    let hash = 1;
    for (let i = 0; i < id.length; i++) hash = Math.imul(hash, 31) + id.charCodeAt(i) | 0;
    hash = (hash >>> 0) || 1;
    const known = this.#ids[sequence]!;
    if (known !== 0 && known !== hash) this.#fail(`event ${sequence} has two ids`);
    this.#ids[sequence] = hash;
  }

  #fail(what: string): void {
    if (this.broken.length < BROKEN_MAX) this.broken.push(what);
  }
}

/** Reads a whole file of lines, a piece in memory at a time. */
export async function checkRecords(path: string, check: RecordCheck): Promise<void> {
  using file = await Deno.open(path);
  let rest = "";
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) check.add(line);
  }
}
