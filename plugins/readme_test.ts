import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { configSchema } from "../host/config_schema.ts";
import { eventSchema } from "../host/events/schema.ts";
import { readScenarioFile } from "../host/simulator/read_scenario_file.ts";
import { registrySchema } from "../host/registry/registry_schema.ts";
import { registryEntries } from "./_testing/registry_entry.ts";

const guide = await Deno.readTextFile(new URL("./README.md", import.meta.url));

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
}

/** The cells of the table row that begins with a key, in a section or in all of the guide. */
function row(key: string, section = ""): string[] {
  const from = guide.indexOf(section);
  assert(from >= 0, section);
  const line = guide.slice(from).split("\n").find((line) =>
    line.startsWith("| ") && line.split("|")[1]!.includes(`\`${key}\``)
  );
  assert(line !== undefined, `no table row of the guide begins with ${key}`);
  return line.split("|").slice(1, -1).map((cell) => cell.trim());
}

/** Names of all fields, those of a structure within a structure with its name before them. */
function fieldNames(schema: JsonSchema, depth = 0, prefix = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (field.properties === undefined) return [prefix + name];
    // One row tells of both sides.
    const own = depth === 0 ? "" : `${prefix}${name === "remote" ? "local" : name}.`;
    return fieldNames(field, depth + 1, own);
  });
}

Deno.test("README.md has a row for each field when events are as their schema says", () => {
  const { oneOf } = jsonSchema(eventSchema);
  const names = new Set(oneOf!.flatMap((event) => fieldNames(event)));
  assert(names.size > 30, `only ${names.size} fields were found`);
  for (const name of names) row(name);
});

Deno.test("README.md has a scenario that can be played", () => {
  const [, text] = /```json\n(\{\n {2}"steps"[\s\S]*?)```/.exec(guide)!;
  assert(readScenarioFile(text!, "README.md").steps.length > 5);
});

Deno.test("README.md says default and range when a registry key has them", () => {
  const schema = jsonSchema(registrySchema);
  const keys = schema.properties!["plugins"]!.items!.properties!;
  const hostDefaults = jsonSchema(configSchema);
  for (const [key, { default: standard, minimum, maximum }] of Object.entries(keys)) {
    const [, defaultCell, range] = row(key, "\n## The registry\n");
    if (minimum === undefined) continue;
    assertEquals(range, `${minimum} … ${maximum}`, key);
    const ofHost = hostDefaults.properties![key]?.default;
    if (standard !== undefined) assertEquals(defaultCell, String(standard), key);
    else if (ofHost !== undefined) assertEquals(defaultCell, `the host's, ${ofHost}`, key);
  }
});

Deno.test("README.md says default and range when a limit of the host concerns plugins", () => {
  const { properties } = jsonSchema(configSchema);
  const keys = [
    "startTimeoutMs",
    "stopLimitMs",
    "backoffFirstMs",
    "backoffLongestMs",
    "deathsPerWindowMax",
    "windowMs",
    "parkedRetryMs",
    "logLinesPerSecondMax",
    "onceValueBytesMax",
    "onceKeysMax",
    "retentionDays",
    "storeBytesMax",
    "waitingBytesMax",
  ];
  for (const key of keys) {
    const { default: standard, minimum, maximum } = properties![key]!;
    const [, defaultCell, range] = row(key, "\nThe options of `deno task host`");
    assertEquals([defaultCell, range], [String(standard), `${minimum} … ${maximum}`], key);
  }
});

Deno.test("README.md says name, default and range when a bundled plugin has a setting", async () => {
  const text = guide.replaceAll(/\s+/g, " ");
  const entries = await registryEntries(new URL("./registry.json", import.meta.url));
  for (
    const id of [
      ...["audit-log", "session-report", "webhook", "accounting", "session-limit-report"],
    ]
  ) {
    const { path } = entries.find((entry) => entry.id === id)!;
    assertStringIncludes(text, `**\`${id}\`**`);
    const folder = path.split("/").at(-2);
    const module = await import(new URL(`./${folder}/config.ts`, import.meta.url).href);
    const [schema] = Object.values<z.ZodType>(module);
    const { properties } = jsonSchema(schema!);
    for (const [key, { default: standard, minimum, maximum }] of Object.entries(properties!)) {
      assertStringIncludes(text, `\`${key}\``);
      if (minimum !== undefined) {
        assertStringIncludes(text, `${minimum} … ${maximum}, default ${standard}`, key);
      }
    }
  }
});
