/** What the doctor finds on the machine itself. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { checkDllList } from "../../host/doctor/check_dll_list.ts";
import { gatherDllList } from "../../host/doctor/gather_dll_list.ts";
import { gatherRights } from "../../host/doctor/gather_rights.ts";
import { gatherService } from "../../host/doctor/gather_service.ts";
import { installLayout } from "../../host/install/install_layout.ts";
import { ensureLibrary } from "../../host/native/build.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { textValue } from "../../host/windows/registry_values.ts";
import { testWhere } from "../support/test_where.ts";

async function world() {
  const folder = await Deno.makeTempDir();
  const places = { programFolder: folder, stateFolder: folder, pluginFolder: folder };
  const layout = installLayout(places);
  await Deno.copyFile(await ensureLibrary(), layout.dll);
  return { folder, layout };
}

testWhere("spareMachine", "doctor tells ours from what keeps RRAS from starting", async () => {
  const { folder, layout } = await world();
  const text = join(folder, "text.dll");
  await Deno.writeTextFile(text, "no library");
  const system = "C:\\windows\\system32\\kernel32.dll";
  const list = [system, ` ${layout.dll.toUpperCase()} `, text, join(folder, "none.dll")].join(";");
  systemHive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", textValue(list));
  const findings = checkDllList(await gatherDllList(layout));
  const of = (check: string) => findings.filter((it) => it.check === check).map((it) => it.found);
  assertEquals(of("dll-list").map((found) => /error \d+/.exec(found)?.[0]), [
    "error 127",
    "error 193",
    "error 2",
  ]);
  assertEquals(of("dll-order"), ["ours is 2 of 4: kernel32.dll, ours, text.dll, none.dll"]);
  systemHive.deleteKey(ONHOOK_KEYS.adminDll);
  await Deno.remove(folder, { recursive: true });
});

testWhere("spareMachine", "doctor reads rights and the service's state", async () => {
  const { folder, layout } = await world();
  const rights = gatherRights(layout, join(folder, "none"), folder);
  assertEquals(rights.map(({ path }) => path), [folder]);
  const { state } = await gatherService();
  assert(state === undefined || Number.isInteger(state));
  await Deno.remove(folder, { recursive: true });
});
