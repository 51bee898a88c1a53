import { command, map, message, object, option, optional, string } from "@optique/core";
import { resolve } from "@std/path";
import type { CliAction } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";

const options = object({
  dryRun: option("--dry-run", {
    description: message`Checks, prints every change, and makes none.`,
  }),
  account: optional(option("--account", string({ metavar: "ACCOUNT" }), {
    description: message`What the host runs as: local-service, network-service or system, default \
local-service.`,
  })),
  dll: optional(option("--dll", string({ metavar: "PATH" }), {
    description: message`The library that RAS is to load. Default: the one of this checkout.`,
  })),
});

/** `install`: puts Onhook on a Windows server. */
export const installCommand = command(
  "install",
  map(options, ({ dryRun, account, dll }): CliAction => async (io) => {
    await lateModules.runInstall({
      dryRun,
      account: account ?? "local-service",
      dll: dll === undefined ? undefined : resolve(io.workingFolder, dll),
    }, io.out);
    return 0;
  }),
  {
    brief: message`Install on a Windows server with RRAS.`,
    description: message`Checks first and says all that is wrong at once. Then it copies the \
library, Deno and the host to %ProgramFiles%\\Onhook, makes %ProgramData%\\Onhook for the host's \
account, writes HKLM\\SOFTWARE\\Onhook, registers the host as a task that starts with the machine, \
and appends the library to the list of DLLs that RRAS loads. RRAS is never restarted. When a \
change fails, those before it are undone.`,
    footer: message`Exit codes: 0 done, 2 something is wrong and nothing was changed, 3 a change \
failed. deno task uninstall undoes it.`,
  },
);
