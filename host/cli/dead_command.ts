import { command, message, or } from "@optique/core";
import { deadDropCommand } from "./dead_drop_command.ts";
import { deadListCommand } from "./dead_list_command.ts";
import { deadRedriveCommand } from "./dead_redrive_command.ts";
import { deadShowCommand } from "./dead_show_command.ts";

/** `dead`: what plugins have failed on for good. */
export const deadCommand = command(
  "dead",
  or(deadListCommand, deadShowCommand, deadRedriveCommand, deadDropCommand),
  {
    brief: message`Look at dead letters, redrive or drop them: list, show, redrive, drop.`,
    description: message`A dead letter is an event that a plugin has failed on for good. It works \
on the host's database, whether the host runs or not, and needs nothing of the remote access service.`,
    usageLine: [{ type: "literal", value: "COMMAND" }, { type: "ellipsis" }],
  },
);
