import {
  command,
  map,
  merge,
  message,
  object,
  option,
  optional,
  string,
  text,
} from "@optique/core";
import { systemClock } from "../internal/clock.ts";
import { InputError } from "../internal/errors.ts";
import type { HistoryQuery, OverallOutcome } from "../history/read_history.ts";
import { describeValue } from "../registry/describe_value.ts";
import { readRegistry } from "../registry/read_registry.ts";
import { csvHistory, historyJson, tableHistory } from "./_history_formats.ts";
import { tellJsonList } from "./_json_list.ts";
import { requireKnownPlugin } from "./_known_plugin.ts";
import { lateReadStore } from "./_late_store.ts";
import { registryPathOption, storeConfig, storeOptions } from "./_store_options.ts";
import { readTimeText, TIME_FORMS } from "./_time_text.ts";
import type { CliAction } from "./cli_io.ts";

const LIMIT_DEFAULT = 100;
const OUTCOMES: readonly OverallOutcome[] = ["done", "failed", "waiting"];

const filterOptions = object({
  since: optional(option("--since", string({ metavar: "TIME" }), {
    description: [text(`Events of this time or later: ${TIME_FORMS}.`)],
  })),
  until: optional(option("--until", string({ metavar: "TIME" }), {
    description: message`Events before this time.`,
  })),
  port: optional(option("--port", string({ metavar: "NAME" }), {
    description: message`Events of links on this port.`,
  })),
  user: optional(option("--user", string({ metavar: "NAME" }), {
    description: [text(
      "Events of this user, as far as it is known whose they are: name, " +
        "DOMAIN\\name or name@realm.",
    )],
  })),
  plugin: optional(option("--plugin", string({ metavar: "ID" }), {
    description: message`Tells the outcomes of this plugin only.`,
  })),
  outcome: optional(option("--outcome", string({ metavar: "done|failed|waiting" }), {
    description: message`Events that every plugin has done, that one has failed on, or that one \
has still to settle.`,
  })),
  limit: optional(option("--limit", string({ metavar: "NUMBER" }), {
    description: message`The newest so many; 100 in a table, else all.`,
  })),
});

const formatOptions = object({
  json: option("--json", { description: message`Prints JSON for other programs.` }),
  csv: option("--csv", { description: message`Prints comma-separated values.` }),
});

interface Filters {
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly port: string | undefined;
  readonly user: string | undefined;
  readonly outcome: string | undefined;
  readonly limit: string | undefined;
}

function problem(place: string, found: string, wanted: string): InputError {
  return new InputError("Cannot use the options", [
    { source: "command line", place, found, wanted },
  ]);
}

function queryOf(
  filters: Filters,
  plugins: readonly string[],
  limitDefault: number | undefined,
): HistoryQuery {
  const { since, until, port, user, outcome, limit } = filters;
  const time = (place: string, value: string | undefined): number | undefined =>
    value === undefined ? undefined : readTimeText(value, place, systemClock.now());
  if (outcome !== undefined && !OUTCOMES.includes(outcome as OverallOutcome)) {
    throw problem("--outcome", describeValue(outcome), `one of ${OUTCOMES.join(", ")}`);
  }
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw problem("--limit", describeValue(limit), "a whole number from 1 to 999999999");
  }
  return {
    plugins,
    filter: {
      sinceMicroseconds: time("--since", since),
      untilMicroseconds: time("--until", until),
      port,
      user,
      outcome: outcome as OverallOutcome | undefined,
    },
    limit: limit === undefined ? limitDefault : Number(limit),
  };
}

/** `history`: events with their outcomes, oldest first. */
export const historyCommand = command(
  "history",
  map(
    merge(filterOptions, formatOptions, object({ registryPath: registryPathOption }), storeOptions),
    ({ plugin, json, csv, since, until, port, user, outcome, limit, ...places }): CliAction =>
    async (io) => {
      if (json && csv) throw problem("--csv", "--json too", "one of them");
      const config = await storeConfig(places, io);
      const registry = await readRegistry(config.registryPath, { filesMustExist: false });
      const { readHistory } = await import("../history/read_history.ts");
      using store = await lateReadStore(config.stateFolder);
      const ordered = registry.plugins.map(({ id }) => id);
      const known = [...new Set([...ordered, ...store.plugins()])];
      requireKnownPlugin(plugin, known);
      const limitDefault = json || csv ? undefined : LIMIT_DEFAULT;
      const shown = plugin === undefined ? known : [plugin];
      const query = queryOf({ since, until, port, user, outcome, limit }, shown, limitDefault);
      const records = readHistory(store, query);
      if (json) tellJsonList(records.map(historyJson), io);
      else if (csv) csvHistory(records, shown, io);
      else tableHistory(records, query, io);
      return 0;
    },
  ),
  {
    brief: message`List events by time with what became of them in each plugin.`,
    description: message`Lists stored events, the newest last, with their outcome in each plugin. \
Times are UTC.`,
  },
);
