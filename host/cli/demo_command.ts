import { command, map, message, object, option, optional, string } from "@optique/core";
import * as z from "zod";
import { checkOptions } from "./_check_options.ts";
import type { CliAction } from "./cli_io.ts";
import { numberOrText } from "./_number_texts.ts";
import { lateModules } from "./late_modules.ts";

const demoSchema = z.strictObject({
  events: z.int().min(1).max(1_000_000).optional(),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
});

const options = object({
  events: optional(option("--events", string({ metavar: "NUMBER" }), {
    description: message`How many link hangups the day has, 1 to 1000000, default 200.`,
  })),
  seed: optional(option("--seed", string({ metavar: "NUMBER" }), {
    description: message`Plays the same day again, 0 to 4294967295.`,
  })),
});

/** `demo`: a small simulated day from beginning to end. */
export const demoCommand = command(
  "demo",
  map(options, ({ events, seed }): CliAction => async (io) => {
    const given = { events: numberOrText(events), seed: numberOrText(seed) };
    const checked = checkOptions(demoSchema, given, (key) => `--${key}`);
    return await lateModules.runDemo(checked, io.out);
  }),
  {
    brief: message`Play a small day with the bundled plugins and show what they did.`,
    description: message`Starts a host on a temporary state, simulates a remote access service, \
shows what each plugin did, and ends by itself. Nothing is left behind.`,
  },
);
