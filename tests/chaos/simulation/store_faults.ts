import { DatabaseSync, StatementSync } from "node:sqlite";

/** How a statement fails. */
export type StoreFault = "busy" | "full" | "io";

/** What stands between a host and its database. */
export interface StoreWatch {
  /** Asked before a statement of the host runs; what it gives is thrown in its place. */
  before(sql: string): StoreFault | "killed" | undefined;
  /** Told when a statement has run; may end the host. */
  after(sql: string): "killed" | undefined;
  /** Told of each database that is opened. */
  opened(database: DatabaseSync): void;
}

const WORDS: Readonly<Record<StoreFault | "killed", readonly [number, string]>> = {
  busy: [5, "database is locked"],
  full: [13, "database or disk is full"],
  io: [10, "disk I/O error"],
  killed: [0, "the host is dead"],
};

const watchOf = new WeakMap<DatabaseSync, StoreWatch>();
const statementOf = new WeakMap<StatementSync, { watch: StoreWatch; sql: string }>();
let opening: StoreWatch | undefined;
let isPatched = false;

/**
 * Opens a store whose statements fail when `watch` says so. What fails is SQLite as the store's own
 * code sees it, so that its handling of errors is what is tried.
 */
export function withStoreFaults<Result>(watch: StoreWatch, open: () => Result): Result {
  patch();
  opening = watch;
  try {
    return open();
  } finally {
    opening = undefined;
  }
}

function failure(kind: StoreFault | "killed"): Error {
  const [errcode, errstr] = WORDS[kind];
  return Object.assign(new Error(errstr), { code: "ERR_SQLITE_ERROR", errcode, errstr });
}

function guarded<Result>(watch: StoreWatch | undefined, sql: string, work: () => Result): Result {
  const fault = watch?.before(sql);
  if (fault !== undefined) throw failure(fault);
  const result = work();
  const ended = watch?.after(sql);
  if (ended !== undefined) throw failure(ended);
  return result;
}

function patch(): void {
  if (isPatched) return;
  isPatched = true;
  const database = DatabaseSync.prototype;
  const { exec, prepare } = database;
  database.exec = function (this: DatabaseSync, sql: string): void {
    if (opening !== undefined && !watchOf.has(this)) {
      watchOf.set(this, opening);
      opening.opened(this);
    }
    guarded(watchOf.get(this), sql, () => exec.call(this, sql));
  };
  database.prepare = function (this: DatabaseSync, sql: string): StatementSync {
    const statement = prepare.call(this, sql);
    const watch = watchOf.get(this);
    if (watch !== undefined) statementOf.set(statement, { watch, sql });
    return statement;
  };
  for (const name of ["run", "get", "all", "iterate"] as const) {
    const original = StatementSync.prototype[name] as (...values: unknown[]) => unknown;
    Object.defineProperty(StatementSync.prototype, name, {
      configurable: true,
      writable: true,
      value(this: StatementSync, ...values: unknown[]): unknown {
        const known = statementOf.get(this);
        return guarded(known?.watch, known?.sql ?? "", () => original.apply(this, values));
      },
    });
  }
}
