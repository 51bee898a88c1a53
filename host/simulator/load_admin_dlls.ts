import { InputError, NativeError } from "../internal/errors.ts";
import { type PeFile, peFile } from "../windows/pe_file.ts";
import { adminDllSymbols } from "./admin_dll.ts";

/** A callout that is made on another thread. */
function threaded<const S extends Deno.ForeignFunction>(
  symbol: S,
): S & { readonly nonblocking: true } {
  return { ...symbol, nonblocking: true };
}

const symbols = {
  MprAdminInitializeDll: threaded(adminDllSymbols.MprAdminInitializeDll),
  MprAdminTerminateDll: threaded(adminDllSymbols.MprAdminTerminateDll),
  MprAdminAcceptNewConnection2: threaded(adminDllSymbols.MprAdminAcceptNewConnection2),
  MprAdminAcceptNewLink: threaded(adminDllSymbols.MprAdminAcceptNewLink),
  MprAdminAcceptReauthentication: threaded(adminDllSymbols.MprAdminAcceptReauthentication),
  MprAdminLinkHangupNotification: threaded(adminDllSymbols.MprAdminLinkHangupNotification),
  MprAdminConnectionHangupNotification2: threaded(
    adminDllSymbols.MprAdminConnectionHangupNotification2,
  ),
};

const NAMES = Object.keys(symbols);

/** What each DLL has to have; without one of these RAS does not start. */
const REQUIRED = [
  "MprAdminInitializeDll",
  "MprAdminTerminateDll",
  "MprAdminAcceptNewLink",
  "MprAdminLinkHangupNotification",
  "MprAdminAcceptReauthentication",
] as const;

/** Both of them or none. */
const PAIR = ["MprAdminAcceptNewConnection2", "MprAdminConnectionHangupNotification2"] as const;

const ERROR_MOD_NOT_FOUND = 126;
const ERROR_PROC_NOT_FOUND = 127;
const ERROR_BAD_EXE_FORMAT = 193;

/** One administration DLL of several. */
export interface LoadedDll {
  readonly path: string;
  /** Its functions, without those that it lacks. */
  readonly symbols: Partial<Deno.StaticForeignLibraryInterface<typeof symbols>>;
}

/** Why RAS would not start, with the number that Windows would give. */
function refusal(place: number, path: string, code: number, found: string, wanted: string): Error {
  return new NativeError(
    `Cannot start the service: entry ${place} of DLLPath, ${path}, ${found} (error ${code}), ` +
      `${wanted} is wanted; RAS does not start with it`,
    { code: -1, symbol: "RAS_NOT_STARTED", systemCode: code, processId: 0 },
  );
}

/**
 * Loads administration DLLs as RAS does: all of them, in order, or none. What RAS wants of a DLL
 * is told differently by two of Microsoft's pages; here both have to be satisfied.
 *
 * @param paths Full paths, in order.
 * @throws {NativeError} With the entry and the number of the system, when RAS would not start: 126
 * not found or something that it needs is not, 127 a function is missing, 193 no DLL for x64.
 */
export function loadAdminDlls(paths: readonly string[]): LoadedDll[] {
  return paths.map((path, index) => loadOne(path, index + 1));
}

function loadOne(path: string, place: number): LoadedDll {
  const there = Deno.build.os === "windows" ? exportsOf(path, place) : NAMES;
  const missing: string[] = REQUIRED.filter((name) => !there.includes(name));
  const halves = PAIR.filter((name) => !there.includes(name));
  if (halves.length === 1) missing.push(...halves);
  if (missing.length > 0) throw lacking(place, path, missing);
  const wanted = Object.fromEntries(
    Object.entries(symbols).filter(([name]) => there.includes(name)),
  ) as Partial<typeof symbols>;
  try {
    return { path, symbols: Deno.dlopen(path, wanted as typeof symbols).symbols };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Deno.errors.NotCapable) throw error;
    const [, name] = /Failed to register symbol (\w+)/.exec(error.message) ?? [];
    if (name !== undefined) throw lacking(place, path, [name]);
    const found = "or something that it needs cannot be found";
    throw refusal(place, path, ERROR_MOD_NOT_FOUND, found, "a DLL that needs the system's alone");
  }
}

function lacking(place: number, path: string, names: readonly string[]): Error {
  const found = `does not export ${names.join(", ")}`;
  return refusal(place, path, ERROR_PROC_NOT_FOUND, found, "each function of RAS's list");
}

/** What the file exports, when it is one that Windows would load. */
function exportsOf(path: string, place: number): readonly string[] {
  const wanted = "a DLL for x64";
  let file: PeFile;
  try {
    file = peFile(Deno.readFileSync(path), path);
  } catch (error) {
    if (error instanceof InputError) {
      throw refusal(place, path, ERROR_BAD_EXE_FORMAT, "is no library", wanted);
    }
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw refusal(place, path, ERROR_MOD_NOT_FOUND, "cannot be found", wanted);
  }
  if (file.architecture !== "x64") {
    throw refusal(place, path, ERROR_BAD_EXE_FORMAT, `is for ${file.architecture}`, wanted);
  }
  return file.exports;
}
