import { command, map, merge, message, object } from "@optique/core";
import { changeRegistry } from "./_change_registry.ts";
import { placeOf, placeOptions } from "./_place_options.ts";
import { idArgument } from "./_id_argument.ts";
import { registryOption } from "./_registry_option.ts";
import type { CliAction } from "./cli_io.ts";

/** `plugin move`: changes the call order. */
export const pluginMoveCommand = command(
  "move",
  map(
    merge(
      object({ id: idArgument, registry: registryOption }),
      placeOptions,
    ),
    ({ id, registry, ...places }): CliAction => async (io) => {
      const place = placeOf(places, undefined);
      return await changeRegistry(registry, id, { kind: "move", id, place }, {
        changed: (plugin) => `Moved ${id} to place ${plugin.place}`,
        unchanged: (plugin) => `${id} is at place ${plugin.place} already`,
      }, io);
    },
  ),
  {
    brief: message`Change a plugin's place in the call order.`,
    description: message`Changes a plugin's place in the call order. The comments that belong to \
its entry move with it.`,
    usageLine: [{ type: "argument", metavar: "ID" }, {
      type: "literal",
      value: "--first|--last|--before=ID|--after=ID|--position=NUMBER",
    }],
  },
);
