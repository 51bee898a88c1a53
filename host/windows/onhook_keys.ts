/** The registry keys of this project, below `HKEY_LOCAL_MACHINE`. */
export const ONHOOK_KEYS = {
  /** `JournalPath` and what the installer keeps. */
  onhook: "SOFTWARE\\Onhook",
  /** `PluginPath`, and a key for each plugin. */
  plugins: "SOFTWARE\\Onhook\\Plugins",
  /** RAS's own list of administration DLLs: `DLLPath` and `DisplayName`. */
  adminDll: "SOFTWARE\\Microsoft\\RAS\\AdminDll",
  /** What Windows wants to know of those who write to its event log. */
  eventSource: "SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\Onhook",
} as const;
