import { resolve } from "@std/path";
import { type ConfigFile, type ConfigSurroundings, resolveConfig } from "../config.ts";
import { type Config, type ConfigKey } from "../config_schema.ts";
import { InputError, type Problem } from "../internal/errors.ts";
import { readTextFile } from "../registry/read_text_file.ts";
import { installedJournal } from "../windows/installed_journal.ts";
import type { CliIo } from "./cli_io.ts";

const CONFIG_BYTES_MAX = 1024 * 1024;

async function configFile(path: string): Promise<ConfigFile> {
  const text = await readTextFile(path, {
    action: "Cannot read the configuration",
    missing: "a configuration file, or no --config",
    bytesMax: CONFIG_BYTES_MAX,
  });
  return { path, text };
}

/**
 * Puts the configuration of a command together.
 *
 * @param options What the command line says.
 * @param configPath The configuration file, when the command line names one.
 * @throws {InputError} With every problem of command line, file and environment at once.
 */
export async function loadConfig(
  options: Readonly<Partial<Record<ConfigKey, unknown>>>,
  configPath: string | undefined,
  io: CliIo,
): Promise<Config> {
  const surroundings = surroundingsOf(io);
  if (configPath === undefined) return resolveConfig(options, io.env, io.os, surroundings);
  let file: ConfigFile;
  try {
    file = await configFile(resolve(io.workingFolder, configPath));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError("Cannot use the configuration", [
      ...error.problems,
      ...problemsWithoutFile(options, io),
    ], { cause: error });
  }
  return resolveConfig(options, io.env, io.os, { ...surroundings, file });
}

function surroundingsOf({ workingFolder, os }: CliIo): ConfigSurroundings {
  return { workingFolder, installedJournal: os === "windows" ? installedJournal() : undefined };
}

/** What is wrong with the rest, so that it is told together with a file that cannot be read. */
function problemsWithoutFile(
  options: Readonly<Partial<Record<ConfigKey, unknown>>>,
  io: CliIo,
): readonly Problem[] {
  try {
    resolveConfig(options, io.env, io.os, surroundingsOf(io));
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}
