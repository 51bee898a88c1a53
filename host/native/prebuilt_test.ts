/** What the DLL that servers get is made of. */
import { assert, assertEquals } from "@std/assert";
import { testWhere } from "../../tests/support/test_where.ts";
import { peFile } from "../windows/pe_file.ts";
import { ensureLibrary } from "./build.ts";

const PREBUILT = new URL("./prebuilt/windows-x64/onhook.dll", import.meta.url);
const bytes = Deno.readFileSync(PREBUILT);
const dll = peFile(bytes, "the prebuilt onhook.dll");

/** The names between EXPORTS and the end of the one list of exports. */
function definedNames(): string[] {
  const text = Deno.readTextFileSync(new URL("./exports.def", import.meta.url));
  return text.split("EXPORTS")[1]!.split("\n").map((line) => line.trim())
    .filter((line) => line !== "").toSorted();
}

async function versionOf(compiler: string): Promise<string> {
  const { stdout } = await new Deno.Command(compiler, { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).split("\n")[0]!;
}

testWhere("mingw", "the prebuilt onhook.dll is what its sources make, byte for byte", async () => {
  const built = Deno.readFileSync(await ensureLibrary({ target: "windows", force: true }));
  const isSame = built.length === bytes.length && built.every((byte, i) => byte === bytes[i]);
  assert(
    isSame,
    "host/native/prebuilt/windows-x64/onhook.dll is not what the sources make; after each " +
      "change of the library run: deno task build:windows --prebuilt\n" +
      "It is made by x86_64-w64-mingw32-gcc (GCC) 12-win32 of Debian 12, this is " +
      await versionOf("x86_64-w64-mingw32-gcc"),
  );
});

Deno.test("the prebuilt onhook.dll has the SHA-256 that stands beside it", async () => {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const line = await Deno.readTextFile(new URL(`${PREBUILT}.sha256`));
  assertEquals(line, `${hash}  onhook.dll\n`);
});

Deno.test("the prebuilt onhook.dll exports the names of exports.def, undecorated", () => {
  assertEquals([dll.architecture, dll.isLibrary], ["x64", true]);
  assertEquals(dll.exports.toSorted(), definedNames());
  assertEquals(dll.exports.filter((name) => name.startsWith("MprAdmin")).length, 7);
});

Deno.test("the prebuilt onhook.dll needs nothing but libraries that each Windows has", () => {
  assertEquals(dll.imports.toSorted(), ["ADVAPI32.dll", "KERNEL32.dll", "msvcrt.dll"]);
});

Deno.test("the prebuilt onhook.dll is hardened as far as mingw-w64 can", () => {
  assertEquals(dll.hardening, {
    randomAddress: true,
    highEntropy: true,
    noExecuteData: true,
    noWritableCode: true,
    // GNU's linker makes no table of the targets of calls through pointers.
    controlFlowGuard: false,
  });
});

Deno.test("the prebuilt onhook.dll has the version of deno.json and of the C header", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assertEquals(dll.version, `${config.version}.0`);
  const header = await Deno.readTextFile(new URL("./include/onhook.h", import.meta.url));
  const number = Number(/ONHOOK_LIBRARY_VERSION (0x[0-9a-f]+)u/.exec(header)![1]);
  assertEquals(config.version, [16, 8, 0].map((bits) => (number >> bits) & 255).join("."));
});

Deno.test("the sources of onhook.dll have no DllMain, so that nothing runs under the loader's lock", () => {
  for (const { name } of Deno.readDirSync(new URL("./src", import.meta.url))) {
    const text = Deno.readTextFileSync(new URL(`./src/${name}`, import.meta.url));
    assert(!/\bDllMain\s*\(|__attribute__\(\(constructor/.test(text), name);
  }
});
