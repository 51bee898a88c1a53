/** The commands of an administrator from beginning to end, as the README has them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { installLayout } from "../../host/install/install_layout.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { onhookPlaces } from "../../host/windows/onhook_places.ts";
import { registryText } from "../../host/windows/registry_text.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { ROOT } from "../support/host_process.ts";
import { textValue } from "../../host/windows/registry_values.ts";
import { testWhere } from "../support/test_where.ts";

const LAYOUT = installLayout(onhookPlaces());
const MODULE = fromFileUrl(new URL("../support/plugins/recorder.ts", import.meta.url));
const FOREIGN = "C:\\Other One\\a.dll ; C:\\b.DLL";
const LIMIT_MS = 120_000;

async function task(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const untilMs = performance.now() + LIMIT_MS;
  while (!holds()) {
    assert(performance.now() < untilMs, `not in time: ${what}\n${textOf(LAYOUT.log)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const dllPath = () => registryText(systemHive.value(ONHOOK_KEYS.adminDll, "DLLPath")!).text;

testWhere(
  "spareMachine",
  "install, plugin add, what the task runs, stop, doctor and uninstall do what the README says",
  async () => {
    systemHive.setValue(ONHOOK_KEYS.adminDll, "DLLPath", textValue(FOREIGN));
    const dry = await task("install", "--dry-run");
    assertEquals([dry.code, dllPath()], [0, FOREIGN], dry.err);
    assertStringIncludes(dry.out, `would copy`);
    assertEquals(systemHive.key(ONHOOK_KEYS.onhook), undefined);

    const installed = await task("install");
    assertEquals([installed.code, dllPath()], [0, `${FOREIGN};${LAYOUT.dll}`], installed.err);
    for (const words of ["Restart-Service", "disconnects every VPN user", "deno task uninstall"]) {
      assertStringIncludes(installed.out, words);
    }
    const file = `${LAYOUT.places.pluginFolder}\\records.jsonl`;
    // The recorder makes none.
    await Deno.writeTextFile(file, "");
    const config = JSON.stringify({ file });
    const more = [`--write=${file}`, `--config=${config}`];
    const added = await Promise.all([
      task("plugin", "add", MODULE, "--id=one", ...more),
      task("plugin", "add", MODULE, "--id=two", ...more),
    ]);
    assertEquals(added.map(({ code }) => code), [0, 0], added.map(({ err }) => err).join());

    const host = new Deno.Command("cmd.exe", { args: ["/d", "/c", LAYOUT.launcher] }).spawn();
    await until(() => textOf(LAYOUT.log).includes("onhook ready: "), "the host is ready");
    const { journal: journalPath, dll: libraryPath } = LAYOUT;
    await startSimulator({ count: 3, seed: 1, libraryPath, journalPath, progress: false }).done;
    await until(() => textOf(file).includes('"linkHangup"'), "a hangup has reached a plugin");

    const doctor = await task("doctor", "--json");
    const { findings } = JSON.parse(doctor.out);
    const severity = (check: string) =>
      findings.find((finding: { check: string }) => finding.check === check)?.severity;
    assertEquals(["host-running", "dll-order", "registry", "lost-events"].map(severity), [
      "fine",
      "fine",
      "fine",
      "fine",
    ], doctor.out);

    const stopped = await task("stop");
    assertEquals([stopped.code, (await host.status).code], [0, 0], stopped.err);
    const removed = await task("uninstall");
    assertEquals([removed.code, dllPath()], [0, FOREIGN], removed.err + removed.out);
    await task("plugin", "remove", "one");
    await task("plugin", "remove", "two");
    systemHive.deleteKey(ONHOOK_KEYS.plugins);
    systemHive.deleteKey(ONHOOK_KEYS.onhook);
    systemHive.deleteKey(ONHOOK_KEYS.adminDll);
    await Deno.remove(LAYOUT.places.stateFolder, { recursive: true });
  },
);
