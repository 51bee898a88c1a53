import { message, object, option, optional, string } from "@optique/core";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import type { RegistryPlace } from "../registry/edit_registry.ts";

const NAMES = "--first, --last, --before=ID, --after=ID, --position=NUMBER";

/** Where in the call order a plugin is put. */
export const placeOptions = object({
  first: option("--first", { description: message`Puts it before all others.` }),
  last: option("--last", { description: message`Puts it behind all others.` }),
  before: optional(option("--before", string({ metavar: "ID" }), {
    description: message`Puts it right before this plugin.`,
  })),
  after: optional(option("--after", string({ metavar: "ID" }), {
    description: message`Puts it right behind this plugin.`,
  })),
  position: optional(option("--position", string({ metavar: "NUMBER" }), {
    description: message`Gives it this position, counted from 1.`,
  })),
});

/** The values of {@linkcode placeOptions}. */
export interface PlaceOptions {
  /** Before all others. */
  readonly first: boolean;
  /** Behind all others. */
  readonly last: boolean;
  /** Right before the plugin with this id. */
  readonly before: string | undefined;
  /** Right behind the plugin with this id. */
  readonly after: string | undefined;
  /** The position as it was written. */
  readonly position: string | undefined;
}

function failure(found: string, wanted: string): InputError {
  return new InputError("Cannot run the command", [
    { source: "command line", place: "the place", found, wanted },
  ]);
}

/**
 * The one place that the options name.
 *
 * @param standard The place when there is no such option; undefined when there must be one.
 * @throws {InputError} When there is none or more than one, or no number.
 */
export function placeOf(options: PlaceOptions, standard: RegistryPlace | undefined): RegistryPlace {
  const { first, last, before, after, position } = options;
  const places: RegistryPlace[] = [];
  if (first) places.push({ kind: "first" });
  if (last) places.push({ kind: "last" });
  if (before !== undefined) places.push({ kind: "before", id: before });
  if (after !== undefined) places.push({ kind: "after", id: after });
  if (position !== undefined) {
    if (!/^\d{1,6}$/.test(position)) {
      throw failure(`--position=${describeValue(position)}`, "a whole number from 1");
    }
    places.push({ kind: "position", position: Number(position) });
  }
  if (places.length > 1) throw failure(`${places.length} of ${NAMES}`, "one of them");
  const place = places[0] ?? standard;
  if (place === undefined) throw failure("nothing", `one of ${NAMES}`);
  return place;
}
