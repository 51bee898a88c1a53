import { message, option, optional, string } from "@optique/core";
import { resolve } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import { registryLocation, WINDOWS_REGISTRY } from "../registry/registry_location.ts";
import type { CliIo } from "./cli_io.ts";

/** `--registry` of the commands that work on the registry alone. */
export const registryOption = optional(option("--registry", string({ metavar: "PATH" }), {
  description: message`The registry file, or windows for the Windows registry. Default: on Windows \
that one, elsewhere plugins/registry.json.`,
}));

/**
 * The registry that is meant: the absolute path of a file, or `windows`.
 *
 * @throws {InputError} When it is the Windows registry and this is another system.
 */
export function registryPathOf(named: string | undefined, io: CliIo): string {
  const { path, wanted } = registryLocation(named, io.os);
  if (path === WINDOWS_REGISTRY) return path;
  if (path !== undefined) return resolve(io.workingFolder, path);
  throw new InputError("Cannot use the registry", [{
    source: "command line",
    place: "--registry",
    found: describeValue(named),
    wanted: wanted ?? "the path of a registry file",
  }]);
}
