import { definePlugin, type Plugin } from "onhook";
import { type AccountingConfig, accountingConfig } from "./config.ts";
import { CsvLedger } from "./csv_ledger.ts";
import type { Ledger } from "./ledger.ts";
import { sessionRow } from "./session_row.ts";
import { SqliteLedger } from "./sqlite_ledger.ts";

function openLedger({ path, format }: AccountingConfig): Ledger {
  try {
    return format === "csv" ? new CsvLedger(path) : new SqliteLedger(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = cause instanceof Deno.errors.NotCapable
      ? 'grant "read" and "write" for its folder under "permissions" in the registry'
      : 'check "path" and "format" in its config';
    throw new Error(`Cannot open the accounts ${JSON.stringify(path)}: ${reason}; ${remedy}`, {
      cause,
    });
  }
}

/** A new `accounting` with a ledger of its own. */
export function accounting(): Plugin<AccountingConfig> {
  let ledger: Ledger | undefined;
  let hasWarned = false;
  return definePlugin({
    config: accountingConfig,
    onStart(ctx) {
      ledger = openLedger(ctx.config);
    },
    onSessionEnd(event, ctx) {
      const row = sessionRow(event);
      ledger!.add(row);
      if (row.user === null && row.source !== "unknown" && !hasWarned) {
        hasWarned = true;
        ctx.log.warn(
          'a session without a user was written down; is "session.user" among the "fields" of the ' +
            "registry entry?",
        );
      }
    },
    onStop() {
      ledger?.[Symbol.dispose]();
    },
  });
}
