import { command, map, message, object } from "@optique/core";
import { changeRegistry } from "./_change_registry.ts";
import { idArgument } from "./_id_argument.ts";
import { registryOption } from "./_registry_option.ts";
import type { CliAction } from "./cli_io.ts";

/** `plugin remove`: takes a plugin out of the registry. */
export const pluginRemoveCommand = command(
  "remove",
  map(
    object({ id: idArgument, registry: registryOption }),
    ({ id, registry }): CliAction => async (io) => {
      const texts = { changed: () => `Removed ${id}`, unchanged: () => `${id} was not there` };
      return await changeRegistry(registry, id, { kind: "remove", id }, texts, io);
    },
  ),
  {
    brief: message`Take a plugin out of the registry.`,
    description: message`Takes a plugin out of the registry. Its files stay, and so do the \
comments around its entry.`,
  },
);
