import { join } from "node:path";
import { csvLine, parseCsv } from "./csv.ts";
import { type DayTotals, type Ledger, withRow } from "./ledger.ts";
import type { SessionRow } from "./session_row.ts";

/** How often the totals of the day that goes on are written at most, in milliseconds. */
const TOTALS_EVERY_MS = 60_000;

const COLUMNS: readonly (keyof SessionRow)[] = [
  ...["id", "day", "account", "user", "computer", "clientAddress", "startedAt"] as const,
  ...["endedAt", "durationSeconds", "links", "bytesTransmitted", "bytesReceived"] as const,
  ...["framesTransmitted", "framesReceived", "mayHaveWrapped", "complete"] as const,
  ...["synthetic", "reason", "source"] as const,
];

interface Day {
  readonly day: string;
  /** Rows that are there, so that a redelivery changes nothing. */
  readonly ids: Set<string>;
  readonly totals: Map<string, DayTotals>;
}

/**
 * Rows in one CSV file for each day, `sessions-<day>.csv`, and what the users come to beside it in
 * `totals-<day>.csv`: written when the day is over, when the plugin stops, and every minute.
 */
export class CsvLedger implements Ledger {
  readonly #folder: string;
  readonly #now: () => number;
  #day: Day | undefined;
  #totalsMs: number;

  /**
   * @param folder Made when it is missing.
   * @param now The time in milliseconds.
   */
  constructor(folder: string, now: () => number = Date.now) {
    Deno.mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#now = now;
    this.#totalsMs = now();
  }

  add(row: SessionRow): void {
    if (this.#day?.day !== row.day) {
      this.#writeTotals();
      this.#day = this.#read(row.day);
    }
    const { ids, totals } = this.#day!;
    if (!ids.has(row.id)) {
      this.#append(row);
      ids.add(row.id);
      totals.set(row.account ?? "", withRow(totals.get(row.account ?? ""), row));
    }
    if (this.#now() - this.#totalsMs >= TOTALS_EVERY_MS) this.#writeTotals();
  }

  [Symbol.dispose](): void {
    this.#writeTotals();
  }

  #pathOf(kind: "sessions" | "totals", day: string): string {
    return join(this.#folder, `${kind}-${day}.csv`);
  }

  #read(day: string): Day {
    const read: Day = { day, ids: new Set(), totals: new Map() };
    let text = "";
    try {
      text = Deno.readTextFileSync(this.#pathOf("sessions", day));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    for (const cells of parseCsv(text).slice(1)) {
      // A line that a crash cut off is not one.
      if (cells.length !== COLUMNS.length) continue;
      const row = rowOf(cells);
      if (read.ids.has(row.id)) continue;
      read.ids.add(row.id);
      read.totals.set(row.account ?? "", withRow(read.totals.get(row.account ?? ""), row));
    }
    return read;
  }

  #append(row: SessionRow): void {
    const path = this.#pathOf("sessions", row.day);
    using file = Deno.openSync(path, { append: true, create: true, read: true });
    const { size } = file.statSync();
    const last = new Uint8Array(1);
    if (size > 0) {
      file.seekSync(-1, Deno.SeekMode.End);
      file.readSync(last);
    }
    const head = size === 0 ? csvLine(COLUMNS) : last[0] === 0x0a ? "" : "\n";
    const line = csvLine(COLUMNS.map((column) => row[column]));
    const bytes = new TextEncoder().encode(head + line);
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
    file.syncSync();
  }

  #writeTotals(): void {
    this.#totalsMs = this.#now();
    if (this.#day === undefined) return;
    const { day, totals } = this.#day;
    const head = ["day", "account", "sessions", "durationSeconds"];
    const lines = [csvLine([...head, "bytesTransmitted", "bytesReceived", "inexact"])];
    for (const [account, sum] of [...totals].toSorted(([a], [b]) => a < b ? -1 : 1)) {
      lines.push(csvLine([
        ...[day, account, sum.sessions, sum.durationSeconds],
        ...[sum.bytesTransmitted, sum.bytesReceived, sum.inexact],
      ]));
    }
    const path = this.#pathOf("totals", day);
    Deno.writeTextFileSync(`${path}.new`, lines.join(""));
    Deno.renameSync(`${path}.new`, path);
  }
}

function rowOf(cells: readonly string[]): SessionRow {
  const texts = new Set(["account", "user", "computer", "clientAddress"]);
  const names = new Set(["id", "day", "startedAt", "endedAt", "reason", "source"]);
  return Object.fromEntries(COLUMNS.map((column, i) => {
    const cell = cells[i]!;
    if (names.has(column)) return [column, cell];
    if (texts.has(column)) return [column, cell === "" ? null : cell];
    return [column, Number(cell)];
  })) as unknown as SessionRow;
}
