import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { encodeEvent } from "../events/encode_event.ts";
import type { LinkHangupEvent, OnhookEvent } from "../events/event.ts";
import { MIGRATIONS } from "./_schema.ts";

/** When the first event of a faked store was, milliseconds since 1970 UTC. */
export const FAKE_START_MS = Date.UTC(2026, 10, 22, 10);

/** A link hangup: one a second, at positions that rise by 64. */
export function fakeHangup(
  sequence: number,
  port: string | undefined = `VPN2-${sequence}`,
  boot = "00000000000000b0",
): LinkHangupEvent {
  return {
    type: "linkHangup",
    id: `${boot}-${(sequence * 64).toString(16)}`,
    sequence,
    time: new Date(FAKE_START_MS + sequence * 1000).toISOString().replace("Z", "000Z"),
    attempt: 1,
    port: port === undefined
      ? {}
      : { handle: "0x1", connectionHandle: "0x2", name: port, deviceName: "WAN Miniport (IKEv2)" },
  };
}

/** A failure for {@linkcode FakeStoreFile.failure}. */
export interface FakeFailure {
  readonly plugin: string;
  readonly sequence: number;
  readonly attempt?: number;
  readonly kind?: string;
  readonly message?: string;
  readonly log?: readonly { readonly level: string; readonly message: string }[];
  readonly failedMs?: number;
  readonly redrivenMs?: number;
}

/** A store in a folder of its own that a test fills as it likes. */
export class FakeStoreFile {
  readonly folder = Deno.makeTempDirSync();
  readonly database: DatabaseSync;

  /** @param version The version of its tables. */
  constructor(version = MIGRATIONS.length) {
    this.database = new DatabaseSync(join(this.folder, "onhook.sqlite"));
    this.database.exec("PRAGMA journal_mode = WAL");
    for (const [at, step] of MIGRATIONS.slice(0, version).entries()) {
      this.database.exec(`BEGIN; ${step} PRAGMA user_version = ${at + 1}; COMMIT`);
    }
  }

  /** One stored row. */
  segment(events: readonly OnhookEvent[], storedMs?: number): this {
    const entries = events.map(encodeEvent);
    const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + padded(entry), 0));
    let offset = 0;
    for (const entry of entries) {
      bytes.set(entry, offset);
      offset += padded(entry);
    }
    const last = events.at(-1)!;
    this.database.prepare("INSERT INTO segment (first, last, stored_ms, bytes) VALUES (?, ?, ?, ?)")
      .run(events[0]!.sequence, last.sequence, storedMs ?? Date.parse(last.time), bytes);
    return this;
  }

  /** Link hangups `first` … `last`, `perRow` to a row. */
  hangups(first: number, last: number, perRow = 3): this {
    for (let from = first; from <= last; from += perRow) {
      const count = Math.min(perRow, last - from + 1);
      this.segment(Array.from({ length: count }, (_, i) => fakeHangup(from + i)));
    }
    return this;
  }

  cursor(plugin: string, settled: number, runs: readonly [number, number][] = []): this {
    this.database.prepare("INSERT OR REPLACE INTO cursor (plugin, settled, runs) VALUES (?, ?, ?)")
      .run(plugin, settled, JSON.stringify(runs));
    return this;
  }

  done(plugin: string, first: number, last: number, fromMs = FAKE_START_MS, attempt = 1): this {
    this.database.prepare(
      `INSERT INTO done_run (plugin, first, last, from_ms, to_ms, attempt)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(plugin, first, last, fromMs, fromMs + 5, attempt);
    return this;
  }

  failure(failure: FakeFailure): this {
    this.database.prepare(
      `INSERT INTO failure
         (plugin, sequence, attempt, kind, message, stack, log, failed_ms, redriven_ms)
       VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?)`,
    ).run(
      failure.plugin,
      failure.sequence,
      failure.attempt ?? 1,
      failure.kind ?? "failed",
      failure.message ?? "Error: on purpose",
      JSON.stringify(failure.log ?? []),
      failure.failedMs ?? FAKE_START_MS,
      failure.redrivenMs ?? null,
    );
    return this;
  }

  /** What commands have asked for, oldest first. */
  requests(): Record<string, unknown>[] {
    return this.database.prepare("SELECT kind, plugin, sequence FROM request ORDER BY id").all()
      .map((row) => ({ ...row }));
  }

  [Symbol.dispose](): void {
    this.database.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function padded(entry: Uint8Array): number {
  return (entry.byteLength + 7) & ~7;
}
