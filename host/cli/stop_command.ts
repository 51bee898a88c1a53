import { command, map, message } from "@optique/core";
import { storeConfigAlone, storeOptions } from "./_store_options.ts";
import type { CliAction } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";

/** What the host's own limit for a stop, and the second until it looks, leave room for. */
const WAIT_LIMIT_MS = 15_000;

const WORDS = {
  notRunning: "No host runs on this journal",
  stopped: "The host has stopped; what its plugins had in hand was finished",
  stillRunning: `No host has answered within ${WAIT_LIMIT_MS / 1000} s; was it killed?`,
} as const;

/** `stop`: lets a running host finish and end. */
export const stopCommand = command(
  "stop",
  map(storeOptions, (given): CliAction => async (io) => {
    const config = await storeConfigAlone(given, io);
    const outcome = await lateModules.stopHost(config, WAIT_LIMIT_MS);
    io.out(WORDS[outcome]);
    return outcome === "stillRunning" ? 1 : 0;
  }),
  {
    brief: message`Let a running host finish what is in hand and end.`,
    description: message`Asks the host to stop, as Ctrl+C in its terminal does, and waits for it. \
The way to stop one that runs as a scheduled task; events wait in the journal meanwhile.`,
    footer: message`Exit codes: 0 it has stopped or none runs, 1 it does not answer.`,
  },
);
