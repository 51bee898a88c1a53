/** A function as the C header declares it. */
export interface HeaderPrototype {
  readonly name: string;
  /** What `Deno.dlopen` calls the type of the result. */
  readonly result: string;
  /** What `Deno.dlopen` calls the types of the parameters. */
  readonly parameters: readonly string[];
  /** The parameters as they stand in the header. */
  readonly declarations: readonly string[];
}

const scalars: Readonly<Record<string, string>> = {
  void: "void",
  uint32_t: "u32",
  int32_t: "i32",
  uint64_t: "u64",
};

/**
 * Reads the prototypes of all exported functions out of the library's header, for the tests that
 * compare them with the symbol tables.
 *
 * @param header The text of the header.
 */
export function headerPrototypes(header: string): HeaderPrototype[] {
  const code = header.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*#(?:.*\\\n)*.*$/gm, "");
  const prototypes = code.matchAll(/ONHOOK_EXPORT\s+(\w+)\s+(?:ONHOOK_CALL\s+)?(\w+)\(([^)]*)\);/g);
  return [...prototypes].map(([, result, name, list]) => {
    const declarations = list!.split(",").map((one) => one.trim().replace(/\s+/g, " "))
      .filter((one) => one !== "void" && one !== "");
    return {
      name: name!,
      result: ffiType(result!),
      parameters: declarations.map((one) => ffiType(one.replace(/\w+$/, "").trim())),
      declarations,
    };
  });
}

/** Memory of the library is a number as wide as a pointer, memory of the host a buffer. */
function ffiType(declared: string): string {
  if (declared === "onhook_reader *") return "usize";
  return declared.endsWith("*") ? "buffer" : scalars[declared] ?? `unknown type ${declared}`;
}
