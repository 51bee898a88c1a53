import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { registryText } from "../windows/registry_text.ts";
import { systemHive } from "../windows/system_hive.ts";

/** The host's account, by the name that rights are told with. */
export function hostAccount(): string {
  const value = systemHive.value(ONHOOK_KEYS.onhook, "HostAccount");
  const sid = value === undefined ? "S-1-5-19" : registryText(value).text;
  return { "S-1-5-19": "LOCAL SERVICE", "S-1-5-20": "NETWORK SERVICE" }[sid] ?? sid;
}
