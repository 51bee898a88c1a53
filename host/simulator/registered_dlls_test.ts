import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../internal/errors.ts";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { registeredDlls } from "./registered_dlls.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";

Deno.test("registeredDlls() gives RAS's list in its order, without the blanks between", () => {
  const hive = new MemoryHive();
  assertEquals(registeredDlls(hive), []);
  hive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", textValue("C:\\b.dll; C:\\a b.dll ;;c.dll;"));
  assertEquals(registeredDlls(hive), ["C:\\b.dll", "C:\\a b.dll", "c.dll"]);
});

Deno.test("registeredDlls() refuses a value that is no text", () => {
  const hive = new MemoryHive();
  hive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", numberValue(3));
  const error = assertThrows(() => registeredDlls(hive), InputError);
  assertEquals(error.problems[0]!.found, "a REG_DWORD");
});
