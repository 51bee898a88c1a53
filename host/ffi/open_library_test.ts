import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { NativeError } from "../internal/errors.ts";
import { openLibrary } from "./open_library.ts";
import { testWhere } from "../../tests/support/test_where.ts";

/** A library that has nothing but what `code` says. */
async function withLibrary(code: string, use: (path: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-library-" });
  try {
    const path = join(folder, "libstub.so");
    await Deno.writeTextFile(join(folder, "stub.c"), code);
    const args = ["-shared", "-fPIC", "-o", path, join(folder, "stub.c")];
    const output = await new Deno.Command("cc", { args }).output();
    assert(output.success, new TextDecoder().decode(output.stderr));
    use(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function messageOf(path: string, symbol: string): string {
  const error = assertThrows(() => openLibrary(path), NativeError);
  assertEquals([error.details.symbol, error.exitCode], [symbol, 3]);
  assert(error.message.startsWith(`Cannot load the library ${path}: `), error.message);
  assert(!/[.\n]$/.test(error.message));
  return error.message;
}

Deno.test("openLibrary() names path, reason and remedy when there is no library", () => {
  const message = messageOf("/nowhere/libonhook.so", "LIBRARY_NOT_LOADED");
  assert(/No such file|Module not found|could not be found/.test(message), message);
  assert(message.includes("deno task build"), message);
});

testWhere("compiler", "openLibrary() names the function when it is missing", async () => {
  await withLibrary("int other = 1;", (path) => {
    assert(messageOf(path, "SYMBOL_MISSING").includes("onhook_abi_version"));
  });
  await withLibrary("unsigned onhook_abi_version(void) { return 1; }", (path) => {
    assert(messageOf(path, "SYMBOL_MISSING").includes("onhook_"));
  });
});

testWhere(
  "compiler",
  "openLibrary() names both versions when the library has another one",
  async () => {
    await withLibrary("unsigned onhook_abi_version(void) { return 7; }", (path) => {
      assert(messageOf(path, "ABI_MISMATCH").includes("version 7, version 1 is wanted"));
    });
  },
);

Deno.test({
  name: "openLibrary() says how to allow it when the library may not be loaded",
  permissions: { ffi: false },
  fn() {
    assert(messageOf("/nowhere/libonhook.so", "LIBRARY_NOT_ALLOWED").includes("--allow-ffi"));
  },
});
