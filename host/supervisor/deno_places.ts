import { fromFileUrl, join } from "@std/path";
import * as z from "zod";
import { type LockFile, readLockFile } from "./lock_file.ts";

const infoSchema = z.object({ npmCache: z.string(), typescriptCache: z.string() });

/** Where the parts of a plugin's process are. */
export interface DenoPlaces {
  /** The folder of cached npm packages. */
  readonly npmCache: string;
  /** Where Deno keeps what it has compiled. */
  readonly compiledCache: string;
  /** Where in there, and in a plugin's own cache, the host's code lies. */
  readonly compiledHost: string;
  /** The `deno.json` whose import map plugins may use. */
  readonly configPath: string;
  /** The lock file beside it. */
  readonly lock: LockFile;
  /** The main module of every plugin process. */
  readonly runnerPath: string;
  /**
   * What to start a plugin's process with, so that it dies with the host: on Linux `setpriv`
   * (util-linux) with the kernel's parent death signal, elsewhere nothing.
   */
  readonly guard: readonly string[];
  /** Whether a process can be started with limits on its files (`prlimit`, util-linux), on Linux. */
  readonly hasFileLimits?: boolean;
}

const GUARD = ["setpriv", "--pdeathsig", "KILL", "--no-new-privs"];

/**
 * Files that a plugin's process may have open: together with the limit of each it bounds what can be
 * written to files that no permission is needed for, such as temporary tables of SQLite.
 */
const FILES_OPEN_MAX = 256;

/** @returns Words to put before a command, behind the guard, so that no file of its may grow beyond. */
export function fileLimitWords(bytesMax: number): string[] {
  return ["prlimit", `--fsize=${bytesMax}`, `--nofile=${FILES_OPEN_MAX}`, "--core=0"];
}

/** Asks Deno and the system where things are; once per host. */
export async function findDenoPlaces(): Promise<DenoPlaces> {
  const hostFolder = fromFileUrl(new URL("..", import.meta.url));
  const configPath = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const lockPath = fromFileUrl(new URL("../../deno.lock", import.meta.url));
  const runnerPath = fromFileUrl(new URL("../runner/main.ts", import.meta.url));
  const [info, lock, guard, hasFileLimits] = await Promise.all([
    deno("info", "--json"),
    readLockFile(lockPath),
    findGuard(),
    canRun([...GUARD, ...fileLimitWords(1024), "setpriv", "--version"]),
    // Once for all plugins; whether it works is no matter, see `seedCompiled`.
    deno("cache", "--quiet", "--no-remote", "--no-lock", `--config=${configPath}`, runnerPath),
  ]);
  const { npmCache, typescriptCache } = infoSchema.parse(JSON.parse(info));
  return {
    npmCache,
    compiledCache: typescriptCache,
    // A drive has no colon there.
    compiledHost: join("file", hostFolder.replace(/^([A-Za-z]):/, "$1")),
    configPath,
    lock,
    runnerPath,
    guard,
    hasFileLimits: guard.length > 0 && hasFileLimits,
  };
}

async function deno(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

async function findGuard(): Promise<readonly string[]> {
  return await canRun([...GUARD, "setpriv", "--version"]) ? GUARD : [];
}

async function canRun([command, ...args]: readonly string[]): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    const { success } = await new Deno.Command(command!, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
