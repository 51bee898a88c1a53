import { command, map, merge, message, object, option } from "@optique/core";
import { InputError } from "../internal/errors.ts";
import { selectionOf, selectionOptions } from "./_dead_options.ts";
import { tellDeadLetters } from "./_dead_table.ts";
import { lateDeadLetterBook, lateReadStore } from "./_late_store.ts";
import { countText } from "./_number_texts.ts";
import { storeConfigAlone, storeOptions } from "./_store_options.ts";
import type { CliAction } from "./cli_io.ts";

/** `dead drop`: forgets dead letters. */
export const deadDropCommand = command(
  "drop",
  map(
    merge(
      selectionOptions,
      object({
        yes: option("--yes", { description: message`Drops more than one without being asked.` }),
      }),
      storeOptions,
    ),
    ({ plugin, since, event, dryRun, yes, ...places }): CliAction => async (io) => {
      const { stateFolder } = await storeConfigAlone(places, io);
      using book = await lateDeadLetterBook(stateFolder, dryRun ? "read" : "write");
      const selection = await selectionOf(
        { plugin, since, event },
        book,
        () => lateReadStore(stateFolder),
      );
      if (dryRun) {
        const count = tellDeadLetters(book.list(selection), io);
        io.out(`${countText(count, "dead letter")} would be dropped; nothing was changed`);
        return 0;
      }
      const count = book.count(selection);
      if (count > 1 && !yes) {
        throw new InputError("Cannot drop the dead letters", [{
          source: "command line",
          place: "--yes",
          found: `nothing, and ${countText(count, "dead letter")} are meant`,
          wanted: "--yes to drop more than one; --dry-run shows them",
        }]);
      }
      const dropped = book.drop(selection);
      io.out(
        dropped === 0
          ? "There is nothing to drop"
          : `Dropped ${countText(dropped, "dead letter")}; the events themselves stay in the store`,
      );
      return 0;
    },
  ),
  {
    brief: message`Forget dead letters; the events stay.`,
    description: message`Deletes dead letters with their errors and lines of log. The events \
themselves stay in the store, and the plugins are not called. It cannot be undone.`,
  },
);
