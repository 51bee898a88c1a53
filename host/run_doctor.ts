import type { Config } from "./config_schema.ts";
import { openLibrary } from "./ffi/open_library.ts";
import { systemClock } from "./internal/clock.ts";
import { InputError } from "./internal/errors.ts";
import { installLayout } from "./install/install_layout.ts";
import { libraryPath } from "./library_path.ts";
import { WINDOWS_REGISTRY } from "./registry/registry_location.ts";
import type { PluginEntry } from "./registry/registry_schema.ts";
import { ONHOOK_KEYS } from "./windows/onhook_keys.ts";
import { systemHive } from "./windows/system_hive.ts";
import { readRegistry } from "./registry/read_registry.ts";
import { installedJournal } from "./windows/installed_journal.ts";
import { onhookPlaces } from "./windows/onhook_places.ts";
import { checkDeno } from "./doctor/check_deno.ts";
import { checkDllList } from "./doctor/check_dll_list.ts";
import { checkJournal } from "./doctor/check_journal.ts";
import { checkRights } from "./doctor/check_rights.ts";
import { checkService } from "./doctor/check_service.ts";
import type { Finding } from "./doctor/finding.ts";
import { gatherJournal } from "./doctor/gather_journal.ts";
import { checkTask } from "./doctor/check_task.ts";
import { gatherDllList } from "./doctor/gather_dll_list.ts";
import { gatherRights } from "./doctor/gather_rights.ts";
import { gatherService } from "./doctor/gather_service.ts";
import { hostAccount } from "./doctor/host_account.ts";

/** Problems of a registry that are told one by one. */
const PROBLEMS_SHOWN = 5;

const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** One look that fails must not keep the others from being made. */
async function looked(
  check: string,
  look: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [{
      check,
      severity: "warning",
      found: `this cannot be looked at: ${reasonOf(error)}`,
      matters: "it may be right or wrong",
      remedy: "start it from an elevated terminal",
    }];
  }
}

async function checkLibrary(config: Config): Promise<[Finding, path: string | undefined]> {
  const check = "library";
  try {
    const path = await libraryPath(config.libraryPath);
    openLibrary(path).close();
    const found = `${path} can be loaded`;
    return [{ check, severity: "fine", found, matters: "host and library are of one kind" }, path];
  } catch (error) {
    const found = reasonOf(error);
    const matters = "the host does not start without it";
    return [{ check, severity: "error", found, matters, remedy: "deno task build" }, undefined];
  }
}

/** Plugins that have a key and are not called: most of them were forgotten. */
function unlistedKeys(plugins: readonly PluginEntry[]): Finding[] {
  const keys = systemHive.key(ONHOOK_KEYS.plugins)?.subkeys ?? [];
  const listed = new Set(plugins.map(({ id }) => id.toUpperCase()));
  return keys.filter((name) => !listed.has(name.toUpperCase())).map((name) => ({
    check: "registry",
    severity: "note",
    found: `the key ${ONHOOK_KEYS.plugins}\\${name} is in no entry of PluginPath`,
    matters: "that plugin is not called",
  }));
}

async function checkRegistry({ registryPath }: Config): Promise<Finding[]> {
  const check = "registry";
  try {
    const { source, plugins } = await readRegistry(registryPath);
    const notes = registryPath === WINDOWS_REGISTRY ? unlistedKeys(plugins) : [];
    const enabled = plugins.filter(({ enabled }) => enabled).length;
    if (enabled > 0) {
      const found = `${source}: ${enabled} of ${plugins.length} plugins enabled`;
      return [
        { check, severity: "fine", found, matters: "events have somewhere to go" },
        ...notes,
      ];
    }
    return [...notes, {
      check,
      severity: "warning",
      found: `${source}: no plugin is enabled`,
      matters: "events are stored and nobody reacts to them",
      remedy: "deno task plugin add, or plugin enable",
    }];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.slice(0, PROBLEMS_SHOWN).map(({ place, found, wanted }) => ({
      check,
      severity: "error",
      found: `${place}: found ${found}`,
      matters: "a host does not start with it; one that runs keeps the list that it has",
      remedy: `wanted: ${wanted}`,
    }));
  }
}

async function checkWindows({ journalPath, stateFolder }: Config): Promise<Finding[]> {
  const layout = installLayout(onhookPlaces());
  const looks = [
    looked("rras-service", async () => checkService(await gatherService())),
    looked("dll-list", async () => checkDllList(await gatherDllList(layout))),
    looked("rights", () => {
      return checkRights(gatherRights(layout, journalPath, stateFolder), hostAccount());
    }),
    looked("host-task", async () => [await checkTask()]),
  ];
  return (await Promise.all(looks)).flat();
}

/**
 * Looks at everything that is known to go wrong; one check each. Changes nothing.
 *
 * @param config The configuration that the host would have.
 */
export async function runDoctor(config: Config): Promise<Finding[]> {
  const [library, path] = await checkLibrary(config);
  const { journalPath, stateFolder } = config;
  const installedPath = installedJournal();
  const places = { journalPath, stateFolder, libraryPath: path, installedPath };
  const isWindows = Deno.build.os === "windows";
  return [
    checkDeno(Deno.version.deno),
    library,
    ...isWindows ? await checkWindows(config) : [],
    ...await looked("registry", () => checkRegistry(config)),
    ...await looked(
      "journal",
      async () => checkJournal(await gatherJournal(places, systemClock)),
    ),
  ];
}
