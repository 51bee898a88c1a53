import { command, map, message, object } from "@optique/core";
import { changeRegistry } from "./_change_registry.ts";
import { idArgument } from "./_id_argument.ts";
import { registryOption } from "./_registry_option.ts";
import type { CliAction } from "./cli_io.ts";

/** `plugin disable`: switches a plugin. */
export const pluginDisableCommand = command(
  "disable",
  map(
    object({ id: idArgument, registry: registryOption }),
    ({ id, registry }): CliAction => async (io) => {
      return await changeRegistry(registry, id, { kind: "disable", id }, {
        changed: () => `Disabled ${id}`,
        unchanged: () => `${id} is disabled already`,
      }, io);
    },
  ),
  {
    brief: message`Keep a plugin in the registry but do not start it.`,
    description:
      message`Keeps a plugin in the registry with its place and permissions, but does not start it.`,
  },
);
