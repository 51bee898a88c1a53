import { message, option, optional, string } from "@optique/core";
import { resolve } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import { registryLocation } from "../registry/registry_location.ts";
import type { CliIo } from "./cli_io.ts";

/** `--registry` of the commands that work on the registry alone. */
export const registryOption = optional(option("--registry", string({ metavar: "PATH" }), {
  description: message`The registry file. Default: plugins/registry.json.`,
}));

/**
 * The registry file that is meant.
 *
 * @throws {InputError} When it is the Windows registry, which cannot be used yet.
 */
export function registryPathOf(named: string | undefined, io: CliIo): string {
  const { path, wanted } = registryLocation(named, io.os);
  if (path !== undefined) return resolve(io.workingFolder, path);
  throw new InputError("Cannot use the registry", [{
    source: "command line",
    place: "--registry",
    found: describeValue(named),
    wanted: wanted ?? "the path of a registry file",
  }]);
}
