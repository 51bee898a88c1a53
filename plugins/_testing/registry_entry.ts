import { parse, type ParseError } from "jsonc-parser";

/** One plugin of a registry file, as far as tests look at it. */
export interface RegistryEntry {
  /** Unique in the file. */
  id: string;
  /** Relative to the registry file. */
  path: string;
  /** @default {true} */
  enabled?: boolean;
  /** What the plugin's process may do. @default {{}} */
  permissions?: Partial<Record<"read" | "write" | "net" | "env" | "sys", string[]>>;
  /** For the plugin's own schema. */
  config?: unknown;
  /** Milliseconds per event. */
  timeoutMs?: number;
}

/**
 * Reads the plugins of a registry file, in call order.
 *
 * @throws {SyntaxError} When it is not JSON with comments.
 */
export async function registryEntries(registry: URL): Promise<RegistryEntry[]> {
  const errors: ParseError[] = [];
  const file = parse(await Deno.readTextFile(registry), errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new SyntaxError(`${registry}: ${JSON.stringify(errors)}`);
  return file.plugins;
}
