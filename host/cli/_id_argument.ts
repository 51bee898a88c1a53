import { argument, message, string } from "@optique/core";

/** The plugin that a command is about. */
export const idArgument = argument(string({ metavar: "ID" }), {
  description: message`The plugin's id, as deno task plugin list shows it.`,
});
