import * as z from "zod";
import { registrySchema } from "./registry_schema.ts";

/**
 * The JSON Schema of the registry file, made from the zod schema that reads it, so that an editor
 * completes and checks the file. Run as a program, this module writes it to
 * `plugins/registry.schema.json`.
 *
 * @returns The text of the file.
 */
export function registryJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(registrySchema, { io: "input", target: "draft-7" });
  const schema = {
    $schema,
    title: "Onhook plugin registry",
    description: "The plugins that are called for an event, in call order. JSON with comments.",
    ...rest,
    allowTrailingCommas: true,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const file = new URL("../../plugins/registry.schema.json", import.meta.url);
  await Deno.writeTextFile(file, registryJsonSchema());
}
