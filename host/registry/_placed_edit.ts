import { InputError, type Problem } from "../internal/errors.ts";
import { closestName } from "./closest_name.ts";
import { describeValue } from "./describe_value.ts";
import type { RegistryEdit, RegistryPlace } from "./edit_registry.ts";
import type { RegistryTextEdit } from "./edit_registry_text.ts";

/** What a failed change cannot do. */
export const EDIT_ACTION = "Cannot change the registry";

/** @returns The error with one problem. */
export function editFailure(
  source: string,
  place: string,
  found: string,
  wanted: string,
): InputError {
  const problem: Problem = { source, place, found, wanted };
  return new InputError(EDIT_ACTION, [problem]);
}

/** The ids of a list whose entries may be wrong in any way. */
export interface LooseList {
  readonly source: string;
  /** What problems call the list. */
  readonly place: string;
  readonly ids: readonly (string | undefined)[];
}

function positionOf({ ids, source, place }: LooseList, id: string): number {
  const at = ids.indexOf(id);
  if (at !== -1) return at;
  const known = ids.filter((other) => other !== undefined);
  const closest = closestName(id, known);
  const wanted = known.length === 0
    ? "the id of a plugin, of which there are none"
    : closest === undefined
    ? `one of ${known.map(describeValue).join(", ")}`
    : describeValue(closest);
  throw editFailure(source, place, `no plugin ${describeValue(id)}`, wanted);
}

/** The index that an entry has after it was put at a place of a list of `ids`, itself not in it. */
function targetIndex(others: LooseList, place: RegistryPlace): number {
  const places = others.ids.length + 1;
  if (place.kind === "first") return 0;
  if (place.kind === "last") return places - 1;
  if (place.kind === "before") return positionOf(others, place.id);
  if (place.kind === "after") return positionOf(others, place.id) + 1;
  const { position } = place;
  if (Number.isSafeInteger(position) && position >= 1 && position <= places) return position - 1;
  throw editFailure(
    others.source,
    "the position",
    String(position),
    `a whole number from 1 to ${places}`,
  );
}

/**
 * Finds the positions that a change is about.
 *
 * @throws {InputError} When there is no such plugin or place, or there is one already.
 */
export function placedEdit(loose: LooseList, edit: RegistryEdit): RegistryTextEdit {
  if (edit.kind === "add") {
    const at = loose.ids.indexOf(edit.entry.id);
    if (at !== -1) {
      const found = `${describeValue(edit.entry.id)}, which ${loose.place}[${at}] has already`;
      throw editFailure(loose.source, "the new id", found, "an id of its own");
    }
    return { kind: "add", at: targetIndex(loose, edit.place), entry: edit.entry };
  }
  const at = positionOf(loose, edit.id);
  if (edit.kind === "remove") return { kind: "remove", at };
  if (edit.kind !== "move") return { kind: "setEnabled", at, enabled: edit.kind === "enable" };
  if ((edit.place.kind === "before" || edit.place.kind === "after") && edit.place.id === edit.id) {
    throw editFailure(loose.source, "the place", `"${edit.id}" itself`, "the id of another plugin");
  }
  const others = { ...loose, ids: loose.ids.toSpliced(at, 1) };
  return { kind: "move", at, to: targetIndex(others, edit.place) };
}
