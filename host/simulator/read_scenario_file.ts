import * as z from "zod";
import { InputError } from "../internal/errors.ts";
import { type ScenarioFile, scenarioFileSchema } from "./scenario_file.ts";

const ACTION = "Cannot read the scenario";

/**
 * Reads a scenario file and fills the defaults in.
 *
 * @param text The file: JSON.
 * @param source What the file is called in an error.
 * @throws {InputError} When it is not as {@linkcode scenarioFileSchema} says; lists every problem.
 *
 * @example
 * ```ts
 * import { readScenarioFile } from "./read_scenario_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { steps } = readScenarioFile(
 *   `{ "steps": [
 *     { "do": "connect", "as": "a", "user": "CORP\\\\alice" },
 *     { "do": "link", "of": "a", "port": "VPN2-0" },
 *     { "do": "hangup", "of": "a", "port": "VPN2-0", "seconds": 60 },
 *     { "do": "disconnect", "of": "a", "seconds": 60 }
 *   ] }`,
 *   "alice.json",
 * );
 *
 * assertEquals(steps.length, 4);
 * ```
 */
export function readScenarioFile(text: string, source: string): ScenarioFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const found = cause instanceof SyntaxError ? cause.message : "something else";
    throw new InputError(ACTION, [{ source, place: "the file", found, wanted: "JSON" }], { cause });
  }
  const result = scenarioFileSchema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(
    ACTION,
    result.error.issues.map(({ path, message }) => ({
      source,
      place: z.core.toDotPath(path) || "the file",
      found: JSON.stringify(valueAt(value, path)) ?? "nothing",
      wanted: message,
    })),
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (at, key) => typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined,
    value,
  );
}
