import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { MachineError } from "../internal/errors.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { registryText } from "../windows/registry_text.ts";
import { FakeMachine } from "./_fake_machine.ts";
import { applyChanges } from "./apply_changes.ts";
import { changeWords } from "./change.ts";
import { installLayout, PROGRAM_PARTS } from "./install_layout.ts";
import { launcherText } from "./launcher_text.ts";
import { type InstallSources, type Plan, planInstall } from "./plan_install.ts";
import { planUninstall } from "./plan_uninstall.ts";
import { readInstallState } from "./read_install_state.ts";
import { isSameWindowsPath } from "../windows/is_same_windows_path.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";
import { textValue } from "../windows/registry_values.ts";

const ADMIN = ONHOOK_KEYS.adminDll;
const LAYOUT = installLayout({
  programFolder: "C:\\Program Files\\Onhook",
  stateFolder: "C:\\ProgramData\\Onhook",
  pluginFolder: "C:\\ProgramData\\Onhook\\data",
});
const SOURCES: InstallSources = {
  dll: "D:\\src\\onhook.dll",
  deno: "D:\\deno.exe",
  root: "D:\\src",
  npmCache: "D:\\cache\\npm",
  account: "S-1-5-19",
  flags: ["--no-prompt"],
};

function machine(dllPath?: string): FakeMachine {
  const made = new FakeMachine();
  made.hive.makeKey("SOFTWARE\\Microsoft\\RAS");
  made.files.set("C:\\Program Files", null);
  for (const path of ["D:\\src", "D:\\cache", "D:\\cache\\npm"]) made.files.set(path, null);
  for (const part of PROGRAM_PARTS) made.files.set(`D:\\src\\${part}`, part);
  for (const path of [SOURCES.dll, SOURCES.deno, "D:\\cache\\npm\\zod"]) made.files.set(path, path);
  made.hive.makeKey(ONHOOK_KEYS.eventSource.replace(/\\\w+$/, ""));
  if (dllPath !== undefined) made.hive.setValue(ADMIN, "DLLPath", textValue(dllPath));
  return made;
}

const plan = async (it: FakeMachine, how: "install" | "uninstall"): Promise<Plan> => {
  const state = await readInstallState(it, LAYOUT, SOURCES);
  return how === "install" ? planInstall(state, LAYOUT, SOURCES) : planUninstall(state, LAYOUT);
};

async function run(it: FakeMachine, how: "install" | "uninstall"): Promise<string[]> {
  const { problems, changes } = await plan(it, how);
  assertEquals(problems, []);
  await applyChanges(changes, it, { say: () => {} });
  return changes.map(changeWords);
}

const dllPath = (it: FakeMachine): string | undefined => {
  const value = it.hive.value(ADMIN, "DLLPath");
  return value && registryText(value).text;
};
const isOurs = (entry: string): boolean => isSameWindowsPath(entry, LAYOUT.dll);

Deno.test("planInstall() leaves nothing to change when all has been installed", async () => {
  const it = machine();
  assertEquals((await run(it, "install")).length > 10, true);
  assertEquals(await run(it, "install"), []);
  assertEquals(dllPath(it), LAYOUT.dll);
  assertEquals(registryText(it.hive.value(ADMIN, "DisplayName")!).text, "Onhook");
  assertEquals(it.tasks.size, 1);
});

Deno.test("planInstall() changes RAS's list last, and planUninstall() changes it first", async () => {
  const it = machine("C:\\other.dll");
  assertStringIncludes((await run(it, "install")).at(-1)!, "!DLLPath to");
  assertStringIncludes((await run(it, "uninstall"))[0]!, "!DLLPath to");
});

Deno.test("planUninstall() leaves the machine as it was before", async () => {
  for (const before of [undefined, "", "C:\\a.dll; C:\\b.dll ;", " C:\\a.dll"]) {
    const it = machine(before);
    const dump = it.dump();
    await run(it, "install");
    await run(it, "uninstall");
    // The events and what plugins wrote are not the installer's to remove.
    for (const path of [LAYOUT.places.stateFolder, LAYOUT.places.pluginFolder]) {
      it.files.delete(path);
      it.rights.delete(path);
    }
    assertEquals(it.dump(), dump, before);
    assertEquals(await run(it, "uninstall"), []);
  }
});

const entry = fc.tuple(
  fc.stringMatching(/^[ \t]{0,2}$/),
  fc.stringMatching(/^[A-Za-z0-9 ._%-]{1,12}$/),
  fc.stringMatching(/^[ \t]{0,2}$/),
).map(([before, name, after]) => `${before}C:\\${name}.dll${after}`);

Deno.test("installing, again, reordering by hand and uninstalling keep every foreign byte", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 5 }),
      fc.stringMatching(/^[ ;]{0,3}$/),
      fc.constantFrom("", "\0", "\0\0"),
      fc.infiniteStream(fc.nat()),
      async (foreign, end, rest, seeds) => {
        const it = machine();
        const text = foreign.join(";") + end;
        it.hive.setValue(ADMIN, "DLLPath", textValue(text, rest));
        await run(it, "install");
        const installed = dllPath(it)!;
        assertEquals(pathListEntries(installed).filter(isOurs).length, 1);
        assertEquals(await run(it, "install"), []);
        const segments = installed.split(";");
        const order = segments.map((segment) => ({ segment, at: seeds.next().value! }))
          .toSorted((left, right) => left.at - right.at).map(({ segment }) => segment);
        it.hive.setValue(ADMIN, "DLLPath", textValue(order.join(";"), rest));
        assertEquals(await run(it, "install"), []);
        await run(it, "uninstall");
        const left = it.hive.value(ADMIN, "DLLPath")!;
        const wanted = order.filter((segment) => !isOurs(segment.trim())).join(";");
        assertEquals(left, textValue(wanted, rest));
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("applyChanges() undoes everything when any step of an installation fails", async () => {
  for (const how of ["install", "uninstall"] as const) {
    for (let step = 0;; step++) {
      const it = machine("C:\\other.dll");
      if (how === "uninstall") await run(it, "install");
      const before = it.dump();
      const { changes } = await plan(it, how);
      it.stepsLeft = step;
      const running = applyChanges(changes, it, { say: () => {} });
      const outcome = await running.then(() => "done", (error: unknown) => error);
      if (outcome === "done") {
        assertEquals(step > 8, true);
        break;
      }
      assertStringIncludes((outcome as Error).message, "everything before it has been undone");
      assertEquals(it.dump(), before, `${how}, step ${step}`);
    }
  }
});

Deno.test("applyChanges() replaces a library that RRAS has loaded, and removes it at the next start", async () => {
  const it = machine();
  await run(it, "install");
  it.inUse.add(SOURCES.dll);
  it.files.set(SOURCES.dll, "newer");
  const { changes } = await plan(it, "install");
  assertEquals(changes.map(changeWords), [`copy ${SOURCES.dll} to ${LAYOUT.dll}`]);
  assertEquals(await applyChanges(changes, it, { say: () => {} }), [`${LAYOUT.dll}.old-1`]);
  assertEquals(it.files.get(LAYOUT.dll), "newer");
  it.inUse.add("newer");
  const waiting = await applyChanges((await plan(it, "uninstall")).changes, it, { say: () => {} });
  assertEquals(waiting, [`${LAYOUT.dll}.old-2`, LAYOUT.places.programFolder]);
  assertEquals(it.files.has(LAYOUT.dll), false);
});

Deno.test("planInstall() tells everything that is wrong at once and changes nothing", async () => {
  const it = machine("C:\\old\\ONHOOK.DLL;C:\\x.dll\0more");
  it.admin = false;
  it.dll = { architecture: "x86", exports: ["MprAdminInitializeDll"] };
  it.files.set("C:\\ProgramData\\Onhook", null);
  it.foreign.set("C:\\Program Files", { foreignOwner: undefined, writers: ["Users"] });
  it.foreign.set("C:\\ProgramData\\Onhook", { foreignOwner: "S-1-5-21-1", writers: ["Users"] });
  const { problems, changes } = await plan(it, "install");
  assertEquals(changes, []);
  assertEquals(problems.map(({ place, found }) => `${place}: ${found}`), [
    "its rights: no administrator",
    "C:\\Program Files: rights to write for Users",
    "C:\\ProgramData\\Onhook: the owner S-1-5-21-1",
    "D:\\src\\onhook.dll: a DLL for x86",
    "D:\\src\\onhook.dll: no MprAdminTerminateDll, MprAdminAcceptNewLink, " +
    "MprAdminLinkHangupNotification, MprAdminAcceptReauthentication, " +
    "MprAdminAcceptNewConnection2, MprAdminConnectionHangupNotification2",
    "HKLM\\SOFTWARE\\Microsoft\\RAS\\AdminDll!DLLPath: more text behind a NUL",
    'HKLM\\SOFTWARE\\Microsoft\\RAS\\AdminDll!DLLPath: "C:\\\\old\\\\ONHOOK.DLL", another Onhook',
  ]);
});

Deno.test("planInstall() keeps a name, a journal and plugins that are there", async () => {
  const it = machine("C:\\a.dll");
  it.hive.setValue(ADMIN, "DisplayName", textValue("Another"));
  it.hive.setValue(ONHOOK_KEYS.onhook, "JournalPath", textValue("E:\\j"));
  it.hive.setValue(`${ONHOOK_KEYS.plugins}\\a`, "Path", textValue("C:\\a.ts"));
  it.hive.setValue(ONHOOK_KEYS.plugins, "PluginPath", textValue("a"));
  const before = it.hive.dump();
  await run(it, "install");
  for (const key of [`${ADMIN}!DisplayName`, `${ONHOOK_KEYS.onhook}!JournalPath`]) {
    assertEquals(it.hive.dump()[key], before[key]);
  }
  await run(it, "uninstall");
  assertEquals(it.hive.dump(), before);
});

Deno.test("applyChanges() says so when undoing fails as well", async () => {
  const it = machine();
  const failing = new Proxy(it, {
    get: (target, name) => {
      if (name === "makeTask") return () => Promise.reject(new MachineError("no tasks."));
      if (name === "removeEmpty") return () => Promise.reject(new MachineError("no removing"));
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { changes } = await plan(it, "install");
  const error = await assertRejects(
    () => applyChanges(changes, failing, { say: () => {} }),
    MachineError,
  );
  assertStringIncludes(error.message, "no tasks; what was done before it could not be undone");
});

Deno.test("launcherText() has the host write a log that is bounded, and keeps what Deno itself says", () => {
  const text = launcherText(LAYOUT, ["--no-prompt"]);
  assertStringIncludes(text, '--log="C:\\ProgramData\\Onhook\\host.log"');
  assertStringIncludes(text, '2>"C:\\ProgramData\\Onhook\\host.stderr.log"\r\n');
});
