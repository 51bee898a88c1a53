import { command, message, or } from "@optique/core";
import { pluginAddCommand } from "./plugin_add_command.ts";
import { pluginDisableCommand } from "./plugin_disable_command.ts";
import { pluginEnableCommand } from "./plugin_enable_command.ts";
import { pluginListCommand } from "./plugin_list_command.ts";
import { pluginMoveCommand } from "./plugin_move_command.ts";
import { pluginReleaseCommand } from "./plugin_release_command.ts";
import { pluginRemoveCommand } from "./plugin_remove_command.ts";

/** `plugin`: shows and changes the registry. */
export const pluginCommand = command(
  "plugin",
  or(
    pluginListCommand,
    pluginAddCommand,
    pluginRemoveCommand,
    pluginMoveCommand,
    pluginEnableCommand,
    pluginDisableCommand,
    pluginReleaseCommand,
  ),
  {
    brief: message`Show and change the registry: list, add, remove, move, enable, disable, \
release.`,
    description: message`Shows and changes the registry, the ordered list of plugins. A change is \
made in one step and keeps the comments and everything else of the file; a host that runs takes it \
up by itself, from the next event on.`,
    usageLine: [{ type: "literal", value: "COMMAND" }, { type: "ellipsis" }],
  },
);
