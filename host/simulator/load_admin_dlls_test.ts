import { assertEquals, assertThrows } from "@std/assert";
import { NativeError } from "../internal/errors.ts";
import { ensureLibrary } from "../native/build.ts";
import { loadAdminDlls } from "./load_admin_dlls.ts";

const libraryPath = await ensureLibrary();

Deno.test("loadAdminDlls() loads each entry, a DLL that stands there twice included", () => {
  const loaded = loadAdminDlls([libraryPath, libraryPath]);
  assertEquals(loaded.map(({ path }) => path), [libraryPath, libraryPath]);
  assertEquals(loadAdminDlls([]), []);
});

Deno.test("loadAdminDlls() names entry, path and the system's number when one is not there", () => {
  const error = assertThrows(() => loadAdminDlls([libraryPath, "/nowhere/x.dll"]), NativeError);
  assertEquals([error.details.symbol, error.details.systemCode], ["RAS_NOT_STARTED", 126]);
  assertEquals(error.message.includes("entry 2 of DLLPath, /nowhere/x.dll, "), true, error.message);
});
