import { fromFileUrl } from "@std/path";
import * as z from "zod";
import { InputError } from "../internal/errors.ts";
import { ensureLibrary } from "../native/build.ts";
import { onhookPlaces } from "../windows/onhook_places.ts";
import { type InstallLayout, installLayout } from "./install_layout.ts";
import type { InstallSystem } from "./install_system.ts";
import type { InstallSources } from "./plan_install.ts";
import { WindowsInstallSystem } from "./windows_install_system.ts";

/** Accounts without a password, which a task can run as. */
export const ACCOUNTS = {
  "local-service": "S-1-5-19",
  "network-service": "S-1-5-20",
  "system": "S-1-5-18",
} as const;

/** This machine as an installation sees it. */
export interface InstallPlace {
  readonly system: InstallSystem;
  readonly layout: InstallLayout;
  readonly sources: InstallSources;
}

/** How an installation is asked for. */
export interface InstallOptions {
  /** Only say what would be done. */
  readonly dryRun: boolean;
  readonly account: string;
  /** The library, when it is not the one of this checkout. */
  readonly dll: string | undefined;
}

const infoSchema = z.object({ npmCache: z.string() });
const taskSchema = z.object({ tasks: z.object({ host: z.string() }) });
const lockSchema = z.object({ npm: z.record(z.string(), z.unknown()) });

const ROOT = new URL("../../", import.meta.url);

async function json(name: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(new URL(name, ROOT)));
}

async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
    stdin: "null",
    stderr: "null",
  }).output();
  return infoSchema.parse(JSON.parse(new TextDecoder().decode(stdout))).npmCache;
}

/** The flags that the task `host` of deno.json gives to `deno run`, but for what may be run. */
async function hostFlags(): Promise<string[]> {
  const { tasks } = taskSchema.parse(await json("deno.json"));
  return tasks.host.split(" ").filter((word) =>
    word.startsWith("--") && !word.startsWith("--allow-run")
  );
}

function accountOf(name: string): string {
  if (Object.hasOwn(ACCOUNTS, name)) return ACCOUNTS[name as keyof typeof ACCOUNTS];
  throw new InputError("Cannot use the options", [{
    source: "command line",
    place: "--account",
    found: JSON.stringify(name),
    wanted: `one of ${Object.keys(ACCOUNTS).join(", ")}`,
  }]);
}

/** The library, held against the hash that stands beside it, if one does. */
async function checkedLibrary(path: string): Promise<string> {
  const beside = await Deno.readTextFile(`${path}.sha256`).catch(() => undefined);
  const wanted = beside?.trim().split(/\s/)[0];
  if (wanted === undefined) return path;
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  const found = new Uint8Array(digest).toHex();
  if (found === wanted.toLowerCase()) return path;
  throw new InputError("Cannot install", [{
    source: "library",
    place: path,
    found: `the SHA-256 ${found}`,
    wanted: `${wanted}, as the file beside it says; fetch the repository anew`,
  }]);
}

/**
 * Finds out what is installed from where to where.
 *
 * @throws {InputError} When this is not Windows, an option is wrong, or the library is not the one
 * that its hash is of.
 * @throws {NativeError} When there is no library.
 */
export async function installPlace(
  options: Pick<InstallOptions, "account" | "dll">,
): Promise<InstallPlace> {
  if (Deno.build.os !== "windows") {
    throw new InputError("Cannot install", [{
      source: "this machine",
      place: "its system",
      found: Deno.build.os,
      wanted: "Windows Server with RRAS; elsewhere deno task demo shows what Onhook does",
    }]);
  }
  const { npm } = lockSchema.parse(await json("deno.lock"));
  const packages = Object.keys(npm).map((name) => name.replace(/(?<=.)@.*$/, ""));
  return {
    system: new WindowsInstallSystem(new Set(packages)),
    layout: installLayout(onhookPlaces()),
    sources: {
      dll: options.dll ?? await checkedLibrary(await ensureLibrary()),
      deno: Deno.execPath(),
      root: fromFileUrl(ROOT).replace(/\\$/, ""),
      npmCache: await npmCache(),
      account: accountOf(options.account),
      flags: await hostFlags(),
    },
  };
}
