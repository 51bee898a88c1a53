import {
  argument,
  command,
  group,
  map,
  merge,
  message,
  multiple,
  object,
  option,
  optional,
  string,
  text,
} from "@optique/core";
import { dirname, resolve } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import { pluginIdOf } from "../registry/plugin_id_of.ts";
import { WINDOWS_REGISTRY } from "../registry/registry_location.ts";
import type { PluginInput } from "../registry/registry_schema.ts";
import { changeRegistry } from "./_change_registry.ts";
import { numberOrText } from "./_number_texts.ts";
import { permissionWords, shortPath } from "./_permission_words.ts";
import { placeOf, placeOptions } from "./_place_options.ts";
import { registryOption, registryPathOf } from "./_registry_option.ts";
import type { CliAction, CliIo } from "./cli_io.ts";

const granted = (
  name: "--read" | "--write" | "--net" | "--env" | "--sys",
  metavar: "PATH" | "HOST" | "NAME" | "KIND",
  words: string,
) => multiple(option(name, string({ metavar }), { description: [text(words)] }));

const permissionOptions = object({
  read: granted("--read", "PATH", "A file or folder that the plugin may read."),
  write: granted("--write", "PATH", "A file or folder that the plugin may write."),
  net: granted("--net", "HOST", "A host that the plugin may reach, such as hooks.example.com:443."),
  env: granted("--env", "NAME", "An environment variable that is handed to the plugin."),
  sys: granted(
    "--sys",
    "KIND",
    "System information that the plugin may ask for, such as hostname.",
  ),
});

const entryOptions = object({
  module: argument(string({ metavar: "MODULE" }), {
    description: message`The plugin's module, such as ./my_plugin/mod.ts.`,
  }),
  id: optional(option("--id", string({ metavar: "ID" }), {
    description: message`The plugin's name. Default: made from the name of its folder or file.`,
  })),
  config: optional(option("--config", string({ metavar: "JSON" }), {
    description: message`An object that is handed to the plugin.`,
  })),
  timeoutMs: optional(option("--timeout-ms", string({ metavar: "MS" }), {
    description: message`Time limit for one event, 10 to 600000, default 5000.`,
  })),
  memoryMb: optional(option("--memory-mb", string({ metavar: "MEBIBYTES" }), {
    description: message`Limit of the plugin's memory, 32 to 4096, default 128.`,
  })),
  disabled: option("--disabled", { description: message`Adds it without letting it start.` }),
  registry: registryOption,
});

function configFrom(json: string | undefined): Record<string, unknown> | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below, like every other value that is no object.
  }
  throw new InputError("Cannot run the command", [{
    source: "command line",
    place: "--config",
    found: describeValue(json),
    wanted: 'a JSON object, such as {"url":"https://hooks.example.com/"}',
  }]);
}

/** The entry as a person would write it: only what differs from the defaults. */
function entryFrom(
  given: {
    readonly module: string;
    readonly id: string | undefined;
    readonly config: string | undefined;
    readonly timeoutMs: string | undefined;
    readonly memoryMb: string | undefined;
    readonly disabled: boolean;
    readonly permissions: Readonly<
      Record<"read" | "write" | "net" | "env" | "sys", readonly string[]>
    >;
  },
  baseFolder: string | undefined,
  io: CliIo,
): PluginInput {
  // Paths of a command line start from the working folder, those in the registry from its own.
  const inRegistry = (path: string): string => {
    const absolute = resolve(io.workingFolder, path);
    return baseFolder === undefined ? absolute : shortPath(absolute, baseFolder);
  };
  const { read, write, net, env, sys } = given.permissions;
  const permissions = Object.entries({
    read: read.map(inRegistry),
    write: write.map(inRegistry),
    net,
    env,
    sys,
  }).filter(([, list]) => list.length > 0);
  const config = configFrom(given.config);
  const entry = {
    id: given.id ?? pluginIdOf(resolve(io.workingFolder, given.module)),
    path: inRegistry(given.module),
    ...(given.disabled && { enabled: false }),
    ...(permissions.length > 0 && { permissions: Object.fromEntries(permissions) }),
    ...(config !== undefined && { config }),
    // What is no number is refused, with all other problems, when the registry is checked.
    ...(given.timeoutMs !== undefined && { timeoutMs: numberOrText(given.timeoutMs) as number }),
    ...(given.memoryMb !== undefined && { memoryMb: numberOrText(given.memoryMb) as number }),
  };
  return entry as PluginInput;
}

/** `plugin add`: puts a plugin into the registry. */
export const pluginAddCommand = command(
  "add",
  map(
    merge(
      entryOptions,
      group("What it may do", permissionOptions),
      group("Its place in the call order; the last one by default", placeOptions),
    ),
    (given): CliAction => async (io) => {
      const place = placeOf(given, { kind: "last" });
      const registry = registryPathOf(given.registry, io);
      // In the Windows registry every path is absolute.
      const baseFolder = registry === WINDOWS_REGISTRY ? undefined : dirname(registry);
      const { read, write, net, env, sys } = given;
      const permissions = { read, write, net, env, sys };
      const entry = entryFrom({ ...given, permissions }, baseFolder, io);
      return await changeRegistry(given.registry, entry.id, { kind: "add", entry, place }, {
        changed: (plugin) => `Added ${entry.id} at place ${plugin.place}`,
        more: (plugin) =>
          `It may ${plugin.entry === undefined ? "" : permissionWords(plugin.entry).join("; ")}`,
        unchanged: () => `${entry.id} is there already`,
      }, io);
    },
  ),
  {
    brief: message`Put a plugin into the registry.`,
    description: message`Puts a plugin into the registry. Beyond computing and writing to the \
log it may only do what you say; each of the permission options can be given several times.`,
    footer: message`Example: deno task plugin add ./plugins/my_plugin/mod.ts \
--net=hooks.example.com:443 --env=HOOK_TOKEN --before=webhook`,
    usageLine: [{ type: "literal", value: "[OPTIONS]" }, { type: "argument", metavar: "MODULE" }],
  },
);
