import { argument, message, string } from "@optique/core";

/** The event that a command is about. */
export const eventArgument = argument(string({ metavar: "EVENT" }), {
  description: message`The event: its id or its sequence, as log and lists show it.`,
});
