import type { OnFailure } from "./registry_schema.ts";

/** What the host can do after a failure so far; the schema already knows the rest. */
const AVAILABLE: readonly OnFailure[] = ["skip"];

/** What is wanted instead of a way to go on that is not available yet. */
export function onFailureProblem(value: unknown): string | undefined {
  const known = value === "skip" || value === "retry" || value === "hold";
  if (!known || AVAILABLE.includes(value)) return undefined;
  return `"skip"; "${value}" is not available yet`;
}
