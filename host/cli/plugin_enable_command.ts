import { command, map, message, object } from "@optique/core";
import { changeRegistry } from "./_change_registry.ts";
import { idArgument } from "./_id_argument.ts";
import { registryOption } from "./_registry_option.ts";
import type { CliAction } from "./cli_io.ts";

/** `plugin enable`: switches a plugin. */
export const pluginEnableCommand = command(
  "enable",
  map(
    object({ id: idArgument, registry: registryOption }),
    ({ id, registry }): CliAction => async (io) => {
      return await changeRegistry(registry, id, { kind: "enable", id }, {
        changed: () => `Enabled ${id}`,
        unchanged: () => `${id} is enabled already`,
      }, io);
    },
  ),
  {
    brief: message`Let the host start a plugin.`,
    description: message`Lets the host start a plugin.`,
  },
);
