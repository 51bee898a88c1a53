import { assertEquals } from "@std/assert";
import * as z from "zod";
import { personalFields } from "./personal_fields.ts";
import { eventSchema } from "./schema.ts";

interface JsonSchema {
  description?: string;
  properties?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
}

/** The paths of all fields whose description says that they name a person. */
function described(schema: JsonSchema, prefix = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    field.description?.includes("Names a person.")
      ? [prefix + name]
      : described(field, `${prefix}${name}.`)
  );
}

Deno.test("personalFields has every field that names a person, as the schema describes them", () => {
  const { oneOf } = z.toJSONSchema(eventSchema, { io: "input" }) as JsonSchema;
  const found = new Set(oneOf!.flatMap((event) => described(event)));
  assertEquals([...found].toSorted(), [...personalFields].toSorted());
});
