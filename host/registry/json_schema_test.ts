import { assert, assertEquals } from "@std/assert";
import { registryJsonSchema } from "./json_schema.ts";

Deno.test("registryJsonSchema() gives the file of the repository when that is in step", async () => {
  const file = new URL("../../plugins/registry.schema.json", import.meta.url);
  // When this fails: deno task schema
  assertEquals(await Deno.readTextFile(file), registryJsonSchema());
});

Deno.test("registryJsonSchema() describes every key when it is made", () => {
  const schema = JSON.parse(registryJsonSchema());
  const plugin = schema.properties.plugins.items;
  assertEquals(plugin.required, ["id", "path"]);
  assertEquals(plugin.additionalProperties, false);
  const described = { ...plugin.properties, ...plugin.properties.permissions.properties };
  for (const [key, value] of Object.entries(described)) {
    assert((value as { description?: string }).description, `${key} has no description`);
  }
});
