import { message, object, option, optional, string } from "@optique/core";
import type { Config } from "../config_schema.ts";
import type { CliIo } from "./cli_io.ts";
import { loadConfig } from "./load_config.ts";

/** Where the store is: the same options as those of `host`. */
export const storeOptions = object({
  stateFolder: optional(option("--state", string({ metavar: "DIR" }), {
    description: message`Folder of the host's database. Default: the journal's folder.`,
  })),
  journalPath: optional(option("--journal", string({ metavar: "PATH" }), {
    description: message`The journal that the host reads. Default: that of host.`,
  })),
  configPath: optional(option("--config", string({ metavar: "PATH" }), {
    description: message`The configuration file that the host is started with.`,
  })),
});

/** The values of {@linkcode storeOptions}, and `--registry` where a command has it. */
export interface StoreOptions {
  readonly stateFolder: string | undefined;
  readonly journalPath: string | undefined;
  readonly configPath: string | undefined;
  readonly registryPath?: string | undefined;
}

/** `--registry` of the commands that need the order of the plugins. */
export const registryPathOption = optional(option("--registry", string({ metavar: "PATH" }), {
  description: message`The registry file, or windows for the Windows registry. Default: on Windows \
that one, elsewhere plugins/registry.json.`,
}));

/**
 * Resolves the options as `host` does.
 *
 * @throws {InputError} With every problem at once.
 */
export function storeConfig(options: StoreOptions, io: CliIo): Promise<Config> {
  const { stateFolder, journalPath, registryPath, configPath } = options;
  return loadConfig({ stateFolder, journalPath, registryPath }, configPath, io);
}

/** As {@linkcode storeConfig}, for commands that do not look at the registry. */
export function storeConfigAlone(options: StoreOptions, io: CliIo): Promise<Config> {
  // Naming one keeps its default from being a problem.
  return storeConfig({ ...options, registryPath: "registry.json" }, io);
}
