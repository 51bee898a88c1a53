import type * as z from "zod";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";

interface Bounds {
  readonly minValue?: unknown;
  readonly maxValue?: unknown;
  readonly format?: unknown;
  unwrap?(): Bounds;
}

/** What a number option takes, read from its schema. */
function wantedOf(schema: Bounds | undefined): string {
  let inner = schema;
  while (typeof inner?.unwrap === "function") inner = inner.unwrap();
  const number = inner?.format === "safeint" ? "a whole number" : "a number";
  return `${number} from ${inner?.minValue} to ${inner?.maxValue}`;
}

/**
 * Holds the values of a command line against a schema.
 *
 * @param schema An object of numbers, or a refinement of one.
 * @param given The values; what is no number yet is refused.
 * @param optionName The option that sets a value.
 * @throws {InputError} With every problem at once.
 */
export function checkOptions<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  given: Readonly<Record<string, unknown>>,
  optionName: (key: string) => string,
): z.output<z.ZodObject<Shape>> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new InputError(
    "Cannot use the options",
    result.error.issues.map((issue) => {
      const key = String(issue.path[0]);
      const field = schema.shape[key] as unknown as Bounds | undefined;
      return {
        source: "command line",
        place: optionName(key),
        found: describeValue(given[key]),
        wanted: issue.code === "custom" ? issue.message : wantedOf(field),
      };
    }),
  );
}
