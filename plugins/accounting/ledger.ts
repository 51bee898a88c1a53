import type { SessionRow } from "./session_row.ts";

/** Where rows are kept, and what a day's users come to. */
export interface Ledger extends Disposable {
  /** Writes a session down; it is on the disk afterwards. A row that is there is left as it is. */
  add(row: SessionRow): void;
}

/** What the sessions of one user come to that ended on one day. */
export interface DayTotals {
  sessions: number;
  durationSeconds: number;
  bytesTransmitted: number;
  bytesReceived: number;
  /** Sessions of which the sums are the least possible, or not all. */
  inexact: number;
}

/** The totals of a user so far with one more session. */
export function withRow(totals: DayTotals | undefined, row: SessionRow): DayTotals {
  const isExact = row.mayHaveWrapped === 0 && row.complete === 1;
  return {
    sessions: (totals?.sessions ?? 0) + 1,
    durationSeconds: (totals?.durationSeconds ?? 0) + row.durationSeconds,
    bytesTransmitted: (totals?.bytesTransmitted ?? 0) + row.bytesTransmitted,
    bytesReceived: (totals?.bytesReceived ?? 0) + row.bytesReceived,
    inexact: (totals?.inexact ?? 0) + (isExact ? 0 : 1),
  };
}
