import { registrySchema } from "./registry_schema.ts";

/** How a value of a plugin is kept in the Windows registry. */
export type WindowsValueKind = "text" | "json" | "number" | "boolean";

/** One value of a plugin's key. */
export interface WindowsValueRule {
  /** Its key in the registry file, such as `timeoutMs`. */
  readonly key: string;
  /** Its name in the Windows registry, such as `TimeoutMs`. */
  readonly name: string;
  readonly kind: WindowsValueKind;
}

interface Definition {
  readonly type: string;
  readonly innerType?: { readonly def: Definition };
}

const KINDS: Readonly<Record<string, WindowsValueKind>> = {
  string: "text",
  enum: "text",
  number: "number",
  boolean: "boolean",
};

function kindOf(definition: Definition): WindowsValueKind {
  return definition.innerType === undefined
    ? KINDS[definition.type] ?? "json"
    : kindOf(definition.innerType.def);
}

/**
 * The values of a plugin's key, made from the schema of the registry file, so that a key that is
 * added there exists here too. The id is the name of the key itself.
 */
export const WINDOWS_VALUES: readonly WindowsValueRule[] = Object.entries(
  registrySchema.shape.plugins.element.shape,
).filter(([key]) => key !== "id").map(([key, schema]) => ({
  key,
  name: `${key[0]!.toUpperCase()}${key.slice(1)}`,
  kind: kindOf(schema.def as unknown as Definition),
}));
