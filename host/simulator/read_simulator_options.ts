import * as z from "zod";
import { InputError } from "../internal/errors.ts";
import { simulatorOptionsSchema, type SimulatorSettings } from "./simulator_options.ts";

/**
 * Reads the simulator's options from JSON and fills the defaults in.
 *
 * @param json The options as `SimulatorOptions`.
 * @throws {InputError} When they are not allowed; lists every problem.
 */
export function readSimulatorOptions(json: string): SimulatorSettings {
  const input = parse(json);
  const result = simulatorOptionsSchema.safeParse(input);
  if (result.success) return result.data;
  throw new InputError(
    "Cannot simulate",
    result.error.issues.map((issue) => ({
      source: "options",
      place: z.core.toDotPath(issue.path) || "(all)",
      found: JSON.stringify(valueAt(input, issue.path)) ?? "nothing",
      wanted: issue.message,
    })),
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new InputError(
      "Cannot simulate",
      [{ source: "options", place: "(all)", found: json, wanted: "one argument of JSON" }],
      { cause },
    );
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (at, key) => typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined,
    value,
  );
}
