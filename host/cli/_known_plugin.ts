import { InputError } from "../internal/errors.ts";
import { closestName } from "../registry/closest_name.ts";
import { describeValue } from "../registry/describe_value.ts";

/**
 * Holds `--plugin` against the plugins that there are.
 *
 * @throws {InputError} When there is no such plugin; names the one that was probably meant.
 */
export function requireKnownPlugin(plugin: string | undefined, known: readonly string[]): void {
  if (plugin === undefined || known.includes(plugin)) return;
  const closest = closestName(plugin, known);
  const wanted = known.length === 0
    ? "a plugin that has run; none has"
    : `one of ${known.join(", ")}${closest === undefined ? "" : `; did you mean ${closest}?`}`;
  throw new InputError("Cannot use the options", [
    { source: "command line", place: "--plugin", found: describeValue(plugin), wanted },
  ]);
}
