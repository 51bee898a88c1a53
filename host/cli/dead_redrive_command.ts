import { command, map, merge, message } from "@optique/core";
import { systemClock } from "../internal/clock.ts";
import { selectionOf, selectionOptions } from "./_dead_options.ts";
import { tellDeadLetters } from "./_dead_table.ts";
import { lateDeadLetterBook, lateReadStore } from "./_late_store.ts";
import { countText } from "./_number_texts.ts";
import { storeConfigAlone, storeOptions } from "./_store_options.ts";
import type { CliAction } from "./cli_io.ts";

/** `dead redrive`: asks the host to hand dead letters over once more. */
export const deadRedriveCommand = command(
  "redrive",
  map(
    merge(selectionOptions, storeOptions),
    ({ plugin, since, event, dryRun, ...places }): CliAction => async (io) => {
      const { stateFolder } = await storeConfigAlone(places, io);
      using book = await lateDeadLetterBook(stateFolder, dryRun ? "read" : "write");
      const selection = await selectionOf(
        { plugin, since, event },
        book,
        () => lateReadStore(stateFolder),
      );
      if (dryRun) {
        const fresh = book.list(selection).filter(({ askedMs }) => askedMs === null);
        const count = tellDeadLetters(fresh, io);
        io.out(`${countText(count, "dead letter")} would be redriven; nothing was changed`);
        return 0;
      }
      const selected = book.count(selection);
      const asked = book.askRedrive(selection, systemClock.now());
      const already = selected - asked;
      if (already > 0) io.out(`${countText(already, "dead letter")} had been asked for already`);
      if (asked === 0) {
        io.out("There is nothing to redrive");
        return 0;
      }
      io.out(
        `Asked for ${countText(asked, "dead letter")} to be redriven, in order of sequence\n` +
          "A host that runs takes them up within a second; otherwise they wait until it runs\n" +
          "deno task dead list shows what is still dead",
      );
      return 0;
    },
  ),
  {
    brief: message`Have dead letters handed to their plugins once more.`,
    description: message`Asks the host to hand dead letters to their plugins once more, one by one \
in order of sequence, with the next attempt. One that is settled then is no dead letter any more; \
one that fails again stays. Without options all of them are meant.`,
  },
);
