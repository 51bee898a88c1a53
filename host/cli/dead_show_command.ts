import { command, map, merge, message, object } from "@optique/core";
import type { WholeDeadLetter } from "../store/dead_letter_book.ts";
import { eventArgument } from "./_event_argument.ts";
import { pluginOption } from "./_dead_options.ts";
import { requireKnownPlugin } from "./_known_plugin.ts";
import { lateDeadLetterBook, lateReadStore } from "./_late_store.ts";
import { deniedWords, failureWords, timeText } from "./_outcome_words.ts";
import { bold, red } from "./_paint.ts";
import { safeLines, safeText } from "./_safe_text.ts";
import { storeConfigAlone, storeOptions } from "./_store_options.ts";
import type { CliAction, CliIo } from "./cli_io.ts";

function indented(text: string): string {
  return safeLines(text).split("\n").map((line) => `    ${line}`.trimEnd()).join("\n");
}

function tell(letter: WholeDeadLetter, io: CliIo): void {
  const { plugin, kind, message, attempt, failedMs, redrivenMs, askedMs, stack, log } = letter;
  io.out("");
  io.out(
    `${bold(plugin, io.outColors)}: ${red(failureWords(kind, message), io.outColors)}` +
      `${kind === "failed" ? deniedWords(message) : ""} ` +
      `in attempt ${attempt}, ${timeText(failedMs)}`,
  );
  if (askedMs !== null) io.out(`  asked to be redriven ${timeText(askedMs)}`);
  if (redrivenMs !== null) io.out(`  redriven and settled ${timeText(redrivenMs)}`);
  io.out(`  error: ${safeText(message)}`);
  if (stack !== null) io.out(indented(stack));
  io.out(log.length === 0 ? "  no lines of log in that attempt" : "  log of that attempt:");
  for (const line of log) {
    io.out(`    ${safeText(line.level).padEnd(5)}  ${safeText(line.message)}`);
  }
}

/** `dead show`: everything that is known of the dead letters of one event. */
export const deadShowCommand = command(
  "show",
  map(
    merge(object({ event: eventArgument, plugin: pluginOption }), storeOptions),
    ({ event: named, plugin, ...places }): CliAction => async (io) => {
      const { stateFolder } = await storeConfigAlone(places, io);
      const { findEvent } = await import("../history/find_event.ts");
      const { storedEvent } = await import("../history/stored_event.ts");
      using store = await lateReadStore(stateFolder);
      using book = await lateDeadLetterBook(stateFolder, "read");
      requireKnownPlugin(plugin, book.plugins());
      const { sequence, id, type, event } = storedEvent(findEvent(store, named));
      const letters = book.ofEvent(sequence, plugin);
      io.out(`${bold(`Event ${sequence}`, io.outColors)}  ${id}  ${type}`);
      if (event !== undefined) {
        const { attempt: _, ...rest } = event;
        io.out(indented(JSON.stringify(rest, null, 2)));
      }
      for (const letter of letters) tell(letter, io);
      if (letters.length === 0) {
        io.out(`\nIt is no dead letter of ${plugin ?? "any plugin"}; \
deno task explain ${sequence} tells its way`);
      }
      return 0;
    },
  ),
  {
    brief: message`Show an event with the error, the stack and the log of each plugin that failed.`,
    description: message`Shows an event and, for each plugin that has failed on it: the error, the \
stack, the attempt, the times and what the plugin wrote to its log in that attempt.`,
  },
);
