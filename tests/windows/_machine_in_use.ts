import { INSTALL_NAMES } from "../../host/install/install_names.ts";
import { serviceState } from "../../host/windows/service_manager.ts";
import { systemHive } from "../../host/windows/system_hive.ts";

const RUNNING = 4;

/**
 * Whether tests must leave the machine's own keys alone: it is no Windows, RRAS runs on it, or Onhook
 * is installed. Under Wine every run has a registry of its own.
 */
export function isMachineInUse(): boolean {
  if (Deno.build.os !== "windows") return true;
  return serviceState("RemoteAccess") === RUNNING ||
    systemHive.key(INSTALL_NAMES.key) !== undefined;
}
