import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";

/** What an installation is known by. */
export const INSTALL_NAMES = {
  /** The scheduled task that runs the host. */
  task: "\\Onhook\\Host",
  /** What `DisplayName` is set to where none is. */
  displayName: "Onhook",
  /** The key where the installer notes what it has made, so that only that is removed. */
  key: `${ONHOOK_KEYS.onhook}\\Install`,
} as const;
