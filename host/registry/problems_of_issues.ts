import type * as z from "zod";
import type { Problem } from "../internal/errors.ts";
import { closestName } from "./closest_name.ts";
import { describeValue } from "./describe_value.ts";
import type { JsoncDocument, JsonPath } from "./jsonc_document.ts";

/** A problem and where in the text it stands, so that problems can be put in the text's order. */
export interface PlacedProblem {
  /** Offset in the text, in UTF-16 units. */
  readonly offset: number;
  /** The problem. */
  readonly problem: Problem;
}

/** What a document's reader says of its keys. */
export interface KeyRules {
  /** The keys that the object at a path knows. */
  knownKeys(path: JsonPath): readonly string[];
  /** What to say of a key instead of naming the known ones. */
  wantedForKey?(path: JsonPath, key: string): string | undefined;
}

function keyProblem(path: JsonPath, key: string, rules: KeyRules): string {
  const special = rules.wantedForKey?.(path, key);
  if (special !== undefined) return special;
  const known = rules.knownKeys(path);
  const closest = closestName(key, known);
  return closest === undefined ? `one of the keys ${known.join(", ")}` : `"${closest}"`;
}

/**
 * Turns the issues of a zod schema whose messages say what is wanted into problems with their
 * places in a document.
 */
export function problemsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  document: JsoncDocument,
  source: string,
  rules: KeyRules,
): PlacedProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        const offset = document.offsetOfKey(path);
        const wanted = keyProblem(issue.path, key, rules);
        const place = document.placeOf(path, offset);
        return {
          offset,
          problem: { source, place, found: `the key ${describeValue(key)}`, wanted },
        };
      });
    }
    const offset = document.offsetOf(issue.path);
    const found = describeValue(document.valueAt(issue.path));
    return [{
      offset,
      problem: { source, place: document.placeOf(issue.path), found, wanted: issue.message },
    }];
  });
}
