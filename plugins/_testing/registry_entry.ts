import { parse } from "jsonc-parser";
import type * as z from "zod";
import { registrySchema } from "../../host/registry/registry_schema.ts";

/** One plugin of a registry file, defaults filled in, paths as they stand in the file. */
export type RegistryEntry = z.output<typeof registrySchema>["plugins"][number];

/**
 * Reads the plugins of a registry file, in call order.
 *
 * @throws {z.ZodError} When the host would not take the file.
 */
export async function registryEntries(registry: URL): Promise<RegistryEntry[]> {
  return registrySchema.parse(parse(await Deno.readTextFile(registry))).plugins;
}
