import { fromFileUrl } from "@std/path";
import * as z from "zod";

const infoSchema = z.object({ npmCache: z.string() });

/** Where the parts of a plugin's process are. */
export interface DenoPlaces {
  /** The folder of cached npm packages. */
  readonly npmCache: string;
  /** The `deno.json` whose import map plugins may use. */
  readonly configPath: string;
  /** The main module of every plugin process. */
  readonly runnerPath: string;
  /**
   * What to start a plugin's process with, so that it dies with the host: on Linux `setpriv`
   * (util-linux) with the kernel's parent death signal, elsewhere nothing.
   */
  readonly guard: readonly string[];
}

const GUARD = ["setpriv", "--pdeathsig", "KILL", "--no-new-privs"];

/** Asks Deno and the system where things are; once per host. */
export async function findDenoPlaces(): Promise<DenoPlaces> {
  const [{ stdout }, guard] = await Promise.all([
    new Deno.Command(Deno.execPath(), {
      args: ["info", "--json"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output(),
    findGuard(),
  ]);
  return {
    npmCache: infoSchema.parse(JSON.parse(new TextDecoder().decode(stdout))).npmCache,
    configPath: fromFileUrl(new URL("../../deno.json", import.meta.url)),
    runnerPath: fromFileUrl(new URL("../runner/main.ts", import.meta.url)),
    guard,
  };
}

async function findGuard(): Promise<readonly string[]> {
  if (Deno.build.os !== "linux") return [];
  try {
    const { success } = await new Deno.Command("setpriv", {
      args: ["--pdeathsig", "KILL", "--no-new-privs", "setpriv", "--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success ? GUARD : [];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
