/** Installing and uninstalling on the machine's own registry and files, in folders of a test. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { applyChanges } from "../../host/install/apply_changes.ts";
import { changeWords } from "../../host/install/change.ts";
import { installLayout, PROGRAM_PARTS } from "../../host/install/install_layout.ts";
import { type InstallSources, planInstall } from "../../host/install/plan_install.ts";
import { planUninstall } from "../../host/install/plan_uninstall.ts";
import { readInstallState } from "../../host/install/read_install_state.ts";
import { WindowsInstallSystem } from "../../host/install/windows_install_system.ts";
import { MachineError } from "../../host/internal/errors.ts";
import { ensureLibrary } from "../../host/native/build.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { registryText } from "../../host/windows/registry_text.ts";
import { textValue } from "../../host/windows/registry_values.ts";
import { testWhere } from "../support/test_where.ts";

const ADMIN = ONHOOK_KEYS.adminDll;

/** What another vendor has written, with a blank that RAS may or may not mind and no end. */
const FOREIGN = "C:\\Other One\\a.dll ;  C:\\b.DLL; ";

async function world() {
  const folder = await Deno.makeTempDir();
  const root = join(folder, "src");
  const npmCache = join(folder, "npm");
  for (const path of [root, join(root, "host"), join(root, "plugins")]) await Deno.mkdir(path);
  await Deno.mkdir(join(npmCache, "r", "zod"), { recursive: true });
  for (const part of PROGRAM_PARTS.filter((part) => part.includes("."))) {
    await Deno.writeTextFile(join(root, part), part);
  }
  for (const path of ["src/host/main.ts", "npm/r/zod/a.js", "deno.exe"]) {
    await Deno.writeTextFile(join(folder, path), path);
  }
  const sources: InstallSources = {
    dll: await ensureLibrary(),
    deno: join(folder, "deno.exe"),
    root,
    npmCache,
    account: "S-1-5-19",
    flags: [],
  };
  const layout = installLayout({
    programFolder: join(folder, "Program Files", "Onhook"),
    stateFolder: join(folder, "ProgramData", "Onhook"),
    pluginFolder: join(folder, "ProgramData", "Onhook", "data"),
  });
  await Deno.mkdir(join(folder, "Program Files"));
  const system = new WindowsInstallSystem(new Set(["zod"]));
  const plan = async (how: "install" | "uninstall") => {
    const state = await readInstallState(system, layout, sources);
    return how === "install" ? planInstall(state, layout, sources) : planUninstall(state, layout);
  };
  const run = async (how: "install" | "uninstall") => {
    const { problems, changes } = await plan(how);
    assertEquals(problems, []);
    const waiting = await applyChanges(changes, system, { say: () => {} });
    return { words: changes.map(changeWords), waiting };
  };
  return { folder, layout, system, plan, run };
}

const list = () => systemHive.value(ADMIN, "DLLPath");

testWhere(
  "spareMachine",
  "installing, again, reordering by hand and uninstalling leave what others wrote as it was",
  async () => {
    const { folder, layout, run } = await world();
    systemHive.setValue(ADMIN, "DLLPath", textValue(FOREIGN, ""));
    await run("install");
    assertEquals(
      registryText(systemHive.value(ONHOOK_KEYS.eventSource, "EventMessageFile")!).text,
      "%SystemRoot%\\System32\\EventCreate.exe",
    );
    assertEquals(list(), textValue(`C:\\Other One\\a.dll ;  C:\\b.DLL;${layout.dll}; `, ""));
    assertEquals(await Deno.readTextFile(join(layout.cache, "npm/r/zod/a.js")), "npm/r/zod/a.js");
    assertEquals((await Deno.stat(layout.places.pluginFolder)).isDirectory, true);
    // Wine keeps neither the rights of folders nor the tasks; the rest is there already.
    const again = (await run("install")).words;
    assertEquals(again.filter((words) => !/rights|task/.test(words)), []);
    const reordered = `${layout.dll.toUpperCase()}; C:\\b.DLL;C:\\Other One\\a.dll ; `;
    systemHive.setValue(ADMIN, "DLLPath", textValue(reordered, ""));
    assertEquals((await run("install")).words.filter((words) => /DLLPath/.test(words)), []);
    assertEquals((await run("uninstall")).waiting, []);
    assertEquals(list(), textValue(" C:\\b.DLL;C:\\Other One\\a.dll ; ", ""));
    assertEquals(systemHive.key(ONHOOK_KEYS.onhook), undefined);
    assertEquals(systemHive.key(ONHOOK_KEYS.eventSource), undefined);
    assertEquals([...systemHive.key(ADMIN)!.values.keys()], ["DLLPath"]);
    assertEquals([...Deno.readDirSync(join(folder, "Program Files"))], []);
    systemHive.deleteKey(ADMIN);
    await Deno.remove(folder, { recursive: true });
  },
);

testWhere("spareMachine", "an installation that fails leaves the machine as it was", async () => {
  const { folder, layout, system, plan } = await world();
  systemHive.setValue(ADMIN, "DLLPath", textValue(FOREIGN, ""));
  system.makeTask = () => Promise.reject(new MachineError("no tasks here"));
  const { changes } = await plan("install");
  const error = await assertRejects(
    () => applyChanges(changes, system, { say: () => {} }),
    MachineError,
  );
  assertStringIncludes(error.message, "everything before it has been undone");
  assertEquals(list(), textValue(FOREIGN, ""));
  assertEquals([...systemHive.key(ADMIN)!.values.keys()], ["DLLPath"]);
  assertEquals(systemHive.key(ONHOOK_KEYS.onhook), undefined);
  assertEquals([...Deno.readDirSync(join(folder, "Program Files"))], []);
  assertEquals(await system.exists(layout.places.stateFolder), false);
  systemHive.deleteKey(ADMIN);
  await Deno.remove(folder, { recursive: true });
});

testWhere("spareMachine", "uninstalling copes with a library that is loaded", async () => {
  const { layout, run } = await world();
  await run("install");
  const loaded = Deno.dlopen(layout.dll, {
    onhook_abi_version: { parameters: [], result: "u32" },
  });
  const { waiting } = await run("uninstall");
  assertEquals(loaded.symbols.onhook_abi_version(), 1);
  assertEquals(waiting, [`${layout.dll}.old-1`, layout.places.programFolder]);
  assertEquals(list(), undefined);
  const pending = systemHive.value(
    "SYSTEM\\CurrentControlSet\\Control\\Session Manager",
    "PendingFileRenameOperations",
  );
  const text = new TextDecoder("utf-16le").decode(pending?.bytes);
  assert(text.includes("onhook.dll.old-1"), text);
  loaded.close();
});
