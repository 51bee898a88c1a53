import { fromFileUrl, join } from "@std/path";
import { runTool } from "./_setup.ts";

const SOURCE = fromFileUrl(new URL("./foreign_dll.c", import.meta.url));
const FOLDER = fromFileUrl(new URL("../../host/native/build/foreign", import.meta.url));

/** Other people's DLLs, each with what its source is compiled with. */
const KINDS = {
  first: [],
  second: [],
  withoutHangup: ["-DWITHOUT_HANGUP"],
  refusesStart: ["-DFAILS_WITH=87"],
  needsMissing: ["-DNEEDS_MISSING"],
} as const satisfies Record<string, readonly string[]>;

/** Name of one of the DLLs. */
export type ForeignDll = keyof typeof KINDS;

/** Where other people's DLLs are, when they have been made. */
export function foreignDll(kind: ForeignDll): string {
  return join(FOLDER, `${kind}.dll`);
}

/** Makes them with mingw-w64; Windows itself has no compiler. */
export async function makeForeignDlls(): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  const made = await Deno.stat(foreignDll("first")).catch(() => undefined);
  const source = await Deno.stat(SOURCE);
  if (made !== undefined && made.mtime! > source.mtime!) return;
  const compiler = "x86_64-w64-mingw32-gcc";
  // A library to need, which is not there when it is needed.
  const missing = join(FOLDER, "missing.dll");
  const empty = join(FOLDER, "missing.c");
  await Deno.writeTextFile(empty, "__declspec(dllexport) int missing(void) { return 1; }\n");
  await runTool([compiler, "-shared", "-o", missing, empty]);
  for (const [kind, flags] of Object.entries(KINDS).reverse()) {
    const needs = kind === "needsMissing" ? [missing] : [];
    const words = [compiler, "-O1", "-shared", "-s", "-static-libgcc", `-DNAME="${kind}"`];
    await runTool([...words, ...flags, "-o", foreignDll(kind as ForeignDll), SOURCE, ...needs]);
  }
  await Deno.remove(missing);
}
