function folderOf(variable: string, standard: string): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return (state === "granted" ? Deno.env.get(variable) : undefined) ?? standard;
}

/** Where things of this project are on a Windows machine, by absolute paths. */
export interface OnhookPlaces {
  /** What is installed: `%ProgramFiles%\Onhook`. */
  readonly programFolder: string;
  /** The journal and the host's state: `%ProgramData%\Onhook`. */
  readonly stateFolder: string;
  /** The folder that plugins work in unless the registry names another one. */
  readonly pluginFolder: string;
}

/** The standard places of this machine. */
export function onhookPlaces(): OnhookPlaces {
  const stateFolder = `${folderOf("ProgramData", "C:\\ProgramData")}\\Onhook`;
  return {
    programFolder: `${folderOf("ProgramFiles", "C:\\Program Files")}\\Onhook`,
    stateFolder,
    pluginFolder: `${stateFolder}\\data`,
  };
}
