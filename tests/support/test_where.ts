import { IS_WINE } from "./is_wine.ts";
import { isMachineInUse } from "../windows/_machine_in_use.ts";
import { foreignDll } from "../windows/foreign_dlls.ts";

/** Whether this system makes links to files and folders; Wine 10 does not. */
const HAS_LINKS = canLink();

/** What a test may want of the system, and the words for when it is not there. */
const WANTS = {
  any: [true, ""],
  glibc: [Deno.build.os === "linux", "only glibc keeps freed memory for itself"],
  bench: [Deno.build.os === "linux", "deno task bench is for Linux only"],
  proc: [Deno.build.os === "linux", "only Linux has /proc"],
  procMemory: [Deno.build.os === "linux", "only Linux shows a process's memory as a file"],
  devFull: [Deno.build.os === "linux", "only Linux has a file that is always full, /dev/full"],
  fileLimit: [Deno.build.os === "linux", "Windows has no limit on the files that a process writes"],
  signals: [Deno.build.os !== "windows", "Windows has no signals"],
  pipes: [Deno.build.os !== "windows", "Windows has no pipes among files"],
  modes: [Deno.build.os !== "windows", "Windows has no file modes"],
  links: [HAS_LINKS, "Wine has no links"],
  compiler: [Deno.build.os !== "windows", "a Windows server has no C compiler"],
  mingw: [hasMingw(), "needs mingw-w64"],
  wine: [IS_WINE, "needs Wine"],
  foreign: [IS_WINE, "needs what another account owns, as the harness for Wine makes it"],
  foreignDlls: [hasForeignDlls(), "needs Windows, and DLLs that mingw-w64 makes"],
  processorTimes: [!IS_WINE, "Wine tells a process its own processor time for any other's"],
  spareMachine: [!isMachineInUse(), "needs a Windows without RRAS running or Onhook installed"],
  windows: [Deno.build.os === "windows", "needs Windows"],
} as const satisfies Record<string, readonly [boolean, string]>;

/** Name of something that a test may want of the system. */
export type Want = keyof typeof WANTS;

/**
 * A test that makes sense on some systems only. Elsewhere it is ignored, and its name says why, so
 * that nothing is left out in silence.
 */
export function testWhere(want: Want, name: string, fn: () => void | Promise<void>): void {
  const [isThere, why] = WANTS[want];
  Deno.test({ name: isThere ? name : `${name} [skipped: ${why}]`, ignore: !isThere, fn });
}

function canLink(): boolean {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.symlinkSync(folder, `${folder}/link`, { type: "dir" });
    return Deno.lstatSync(`${folder}/link`).isSymlink;
  } catch {
    return false;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function hasForeignDlls(): boolean {
  if (Deno.build.os !== "windows") return false;
  try {
    return Deno.statSync(foreignDll("first")).isFile;
  } catch {
    return false;
  }
}

function hasMingw(): boolean {
  const folders = Deno.env.get("PATH")?.split(":") ?? [];
  return Deno.build.os === "linux" && folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/x86_64-w64-mingw32-gcc`).isFile;
    } catch {
      return false;
    }
  });
}
