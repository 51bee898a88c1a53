import { command, map, merge, message, object, option } from "@optique/core";
import type { ExplainedPlugin, Explanation } from "../history/explain_event.ts";
import { portOf } from "../history/read_history.ts";
import { eventArgument } from "./_event_argument.ts";
import { lateReadStore } from "./_late_store.ts";
import { countText } from "./_number_texts.ts";
import { deniedWords, failureWords, timeText } from "./_outcome_words.ts";
import { bold, dim, green, red, yellow } from "./_paint.ts";
import { safeText } from "./_safe_text.ts";
import { registryPathOption, storeConfig, storeOptions } from "./_store_options.ts";
import type { CliAction, CliIo } from "./cli_io.ts";
import { readRegistry } from "../registry/read_registry.ts";

function between(fromMs: number, toMs: number): string {
  const from = timeText(fromMs);
  return fromMs === toMs ? `at ${from}` : `between ${from} and ${timeText(toMs).slice(11)}`;
}

function failureText({ how, message }: { readonly how: string; readonly message: string }): string {
  return failureWords(how, message) + deniedWords(message);
}

/** @param storedMs No plugin got the event before it was stored, whatever shares its record. */
function wordsOf(plugin: ExplainedPlugin, storedMs: number): string {
  const { outcome, isLate, isKnown, isEnabled, place } = plugin;
  switch (outcome.kind) {
    case "done": {
      const late = isLate ? "caught up later: " : "";
      const { fromMs, toMs, attempt } = outcome;
      const times = between(Math.min(Math.max(fromMs, storedMs), toMs), toMs);
      return `${late}done ${times}, attempt ${attempt}`;
    }
    case "dead": {
      const asked = outcome.isAsked ? "; a redrive is asked for and waits for the host" : "";
      return `${failureText(outcome)} ${timeText(outcome.failedMs)}, ` +
        `attempt ${outcome.attempt}, and dead: ${safeText(outcome.message)}${asked}`;
    }
    case "redriven":
      return `${failureText(outcome)} ${timeText(outcome.failedMs)}, ` +
        `attempt ${outcome.attempt}: ${safeText(outcome.message)}; ` +
        `redriven and done ${timeText(outcome.redrivenMs)}`;
    case "waiting": {
      const before = outcome.before === 0
        ? "it is next"
        : `${countText(outcome.before, "event")} before it`;
      const tries = outcome.attempt === 0
        ? ""
        : `, handed over ${countText(outcome.attempt, "time")}`;
      return `waiting: ${before}${tries}${isEnabled ? "" : "; the plugin is disabled"}`;
    }
    case "none":
      if (place !== undefined && !isEnabled) return "not known: the plugin is disabled";
      if (!isKnown) return "not known: the plugin has never run on this store";
      return "not known: the plugin was not there then, or its dead letter was dropped";
  }
}

const PAINTS: Readonly<Record<string, (text: string, on: boolean) => string>> = {
  done: green,
  redriven: green,
  dead: red,
  waiting: yellow,
  none: dim,
};

function titleOf({ event }: Explanation): string {
  const port = portOf(event);
  return `${event.id}  ${event.type}${port === undefined ? "" : ` on ${safeText(port)}`}`;
}

/** Whose the event is, in words; `undefined` for events that are nobody's. */
function whose({ event }: Explanation): string | undefined {
  const decoded = event.event;
  if (decoded === undefined || !("session" in decoded)) return undefined;
  const { id, user, account, source, uncertain } = decoded.session ?? { source: "unknown" };
  if (id === undefined) return "not known: the host has not seen it begin";
  const who = user === undefined ? "nobody's name is known" : safeText(user);
  const also = account === undefined || account.qualified === user
    ? ""
    : ` (${safeText(account.qualified)})`;
  return `${who}${also}, ${id}, ${source}${
    uncertain ? ", events were lost while it was open" : ""
  }`;
}

function tell(explanation: Explanation, io: CliIo): void {
  const { event, serviceStart, plugins } = explanation;
  io.out(`${bold(`Event ${event.sequence}`, io.outColors)}  ${titleOf(explanation)}`);
  const isGap = event.type === "gap";
  const process = serviceStart?.event?.type === "serviceStart"
    ? ` in process ${serviceStart.event.service.processId}`
    : "";
  if (!isGap) {
    io.out(
      serviceStart === undefined
        ? "service start  no longer in the store"
        : `service start  ${serviceStart.time}${process}, event ${serviceStart.sequence}`,
    );
  }
  io.out(`${isGap ? "last loss    " : "callout      "}  ${event.time}`);
  const lagMs = event.storedMs - Date.parse(`${event.time.slice(0, 23)}Z`);
  const lag = lagMs >= 0 ? `, ${lagMs.toLocaleString("en")} ms later` : "";
  const session = whose(explanation);
  if (session !== undefined) io.out(`session        ${session}`);
  io.out(`stored         ${timeText(event.storedMs)}${lag}`);
  io.out("");
  if (plugins.length === 0) io.out("There is no plugin");
  const width = Math.max(0, ...plugins.map(({ plugin }) => plugin.length));
  for (const plugin of plugins) {
    const place = String(plugin.place ?? "-").padStart(2);
    const gone = plugin.place === undefined ? " (no longer in the registry)" : "";
    const paint = PAINTS[plugin.outcome.kind] ?? dim;
    io.out(
      `${place}  ${plugin.plugin.padEnd(width)}  ${
        paint(wordsOf(plugin, event.storedMs), io.outColors)
      }${gone}`,
    );
    for (const { key, keptMs } of plugin.once ?? []) {
      io.out(`${" ".repeat(width + 6)}once ${safeText(key)}, ${timeText(keptMs)}`);
    }
  }
}

function jsonOf({ event, serviceStart, plugins }: Explanation): string {
  const { event: decoded, storedMs, ...rest } = event;
  const body = decoded === undefined ? {} : { event: { ...decoded, attempt: undefined } };
  return JSON.stringify(
    {
      ...rest,
      ...body,
      storedAt: timeText(storedMs),
      serviceStart: serviceStart === undefined
        ? null
        : { sequence: serviceStart.sequence, id: serviceStart.id, time: serviceStart.time },
      plugins: plugins.map((plugin) => ({ ...plugin, words: wordsOf(plugin, storedMs) })),
    },
    null,
    2,
  );
}

/** `explain`: the whole way of one event. */
export const explainCommand = command(
  "explain",
  map(
    merge(
      object({
        event: eventArgument,
        json: option("--json", { description: message`Prints JSON for other programs.` }),
        registryPath: registryPathOption,
      }),
      storeOptions,
    ),
    ({ event, json, ...places }): CliAction => async (io) => {
      const config = await storeConfig(places, io);
      const { plugins } = await readRegistry(config.registryPath, { filesMustExist: false });
      const { explainEvent } = await import("../history/explain_event.ts");
      const { findEvent } = await import("../history/find_event.ts");
      using store = await lateReadStore(config.stateFolder);
      const explanation = explainEvent(store, findEvent(store, event), plugins);
      if (json) io.out(jsonOf(explanation));
      else tell(explanation, io);
      return 0;
    },
  ),
  {
    brief: message`Tell the whole way of one event, from the callout to the last plugin.`,
    description: message`Tells when the callout of an event was, when the host stored it, and for \
each plugin in call order what became of it there: done, failed, timed out, crashed, denied a permission, \
redriven, waiting, or caught up later: others had gone on without the plugin, or it took more than a \
minute.`,
  },
);
