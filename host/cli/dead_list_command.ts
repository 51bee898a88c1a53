import { command, map, merge, message, object, option } from "@optique/core";
import { pluginOption, selectionOf, sinceOption } from "./_dead_options.ts";
import { deadState, tellDeadLetters } from "./_dead_table.ts";
import { tellJsonList } from "./_json_list.ts";
import { lateDeadLetterBook, lateReadStore } from "./_late_store.ts";
import { countText } from "./_number_texts.ts";
import { timeText } from "./_outcome_words.ts";
import { storeConfigAlone, storeOptions } from "./_store_options.ts";
import type { CliAction } from "./cli_io.ts";
import type { DeadLetter } from "../store/dead_letter_book.ts";

function jsonOf(letter: DeadLetter): unknown {
  const { failedMs, redrivenMs, askedMs, ...rest } = letter;
  const time = (milliseconds: number | null) =>
    milliseconds === null ? null : timeText(milliseconds);
  return {
    ...rest,
    state: deadState(letter),
    failedAt: timeText(failedMs),
    askedAt: time(askedMs),
    redrivenAt: time(redrivenMs),
  };
}

/** `dead list`: the dead letters as a table. */
export const deadListCommand = command(
  "list",
  map(
    merge(
      object({
        plugin: pluginOption,
        since: sinceOption,
        all: option("--all", {
          description: message`Shows those too that were settled when they were redriven.`,
        }),
        json: option("--json", { description: message`Prints JSON for other programs.` }),
      }),
      storeOptions,
    ),
    ({ plugin, since, all, json, ...places }): CliAction => async (io) => {
      const { stateFolder } = await storeConfigAlone(places, io);
      using book = await lateDeadLetterBook(stateFolder, "read");
      const options = { plugin, since, event: undefined };
      const selection = {
        ...await selectionOf(options, book, () => lateReadStore(stateFolder)),
        withRedriven: all,
      };
      if (json) {
        tellJsonList(book.list(selection).map(jsonOf), io);
        return 0;
      }
      const count = tellDeadLetters(book.list(selection), io);
      const dropped = book.dropped(selection.plugin, selection.sinceMs);
      if (count === 0) io.out("No dead letters");
      else {
        io.out(`\n${countText(count, "dead letter")}; deno task dead show EVENT says more of one`);
      }
      for (const { plugin, first, last, droppedMs } of dropped) {
        io.out(
          `${plugin} has lost ${countText(last - first + 1, "event")} (${first} to ${last}): ` +
            `dropped by retention before it was done with them, ${timeText(droppedMs)}`,
        );
      }
      return 0;
    },
  ),
  {
    brief: message`List the events that a plugin has failed on for good.`,
    description: message`Lists the dead letters: the events that a plugin has failed on and that \
it has been spared since. They are kept as long as their events.`,
  },
);
