import { Buffer } from "node:buffer";
import { win32 } from "node:path";
import { InputError, MachineError } from "../internal/errors.ts";
import { fileRights } from "../windows/file_rights.ts";
import { kernel32 } from "../windows/kernel32.ts";
import { peFile } from "../windows/pe_file.ts";
import { type RightsFacts, rightsFacts } from "../windows/rights_facts.ts";
import { systemHive } from "../windows/system_hive.ts";
import { wideText } from "../windows/wide_text.ts";
import { windowsCall } from "../windows/windows_call.ts";
import type { DllFacts } from "./install_state.ts";
import type { InstallSystem } from "./install_system.ts";
import { type ProgramFilter, programFilter } from "./program_files.ts";
import { scheduledTasks } from "./scheduled_tasks.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";

const AT_REBOOT = 0x4;
const CHUNK_BYTES = 1024 * 1024;

/** The machine that this process runs on. */
export class WindowsInstallSystem implements InstallSystem {
  readonly hive = systemHive;
  readonly #ownSid = fileRights.ownSid();
  readonly #packages: ReadonlySet<string>;

  /** @param packages The npm packages that are copied, such as `zod`. */
  constructor(packages: ReadonlySet<string>) {
    this.#packages = packages;
  }

  isAdministrator(): boolean {
    return fileRights.isAdministrator();
  }

  async dllFacts(path: string): Promise<DllFacts | undefined> {
    try {
      return peFile(await Deno.readFile(path), path);
    } catch (error) {
      if (error instanceof InputError || error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  rightsFacts(path: string): Promise<RightsFacts> {
    return Promise.resolve(rightsFacts(fileRights.read(path), this.#ownSid));
  }

  hasRights(path: string, rights: readonly AllowedRight[]): Promise<boolean> {
    const { isProtected, allowed } = fileRights.read(path);
    const words = (list: readonly AllowedRight[]): string =>
      list.map(({ sid, mask, flags }) => `${sid} ${mask} ${flags}`).toSorted().join();
    return Promise.resolve(
      isProtected && allowed !== undefined && words(allowed) === words(rights),
    );
  }

  isSame(from: string, to: string): Promise<boolean> {
    return this.#isSame(from, to, "", this.#filterOf(from));
  }

  async #isSame(from: string, to: string, way: string, isPart: ProgramFilter): Promise<boolean> {
    const [left, right] = await Promise.all([stat(from), stat(to)]);
    if (left === undefined || right === undefined) return false;
    if (left.isDirectory !== right.isDirectory) return false;
    if (!left.isDirectory) return left.size === right.size && await isSameContent(from, to);
    const inLeft = await namesIn(from, way, isPart);
    const inRight = await namesIn(to, way, () => true);
    if (inLeft.join("/") !== inRight.join("/")) return false;
    for (const name of inLeft) {
      const [one, other] = [win32.join(from, name), win32.join(to, name)];
      if (!await this.#isSame(one, other, `${way}${name}/`, isPart)) return false;
    }
    return true;
  }

  async text(path: string): Promise<string | undefined> {
    return await this.exists(path) ? await Deno.readTextFile(path) : undefined;
  }

  async exists(path: string): Promise<boolean> {
    return await stat(path) !== undefined;
  }

  async makeFolder(path: string, rights?: readonly AllowedRight[]): Promise<void> {
    await Deno.mkdir(win32.dirname(path), { recursive: true });
    await Deno.mkdir(path);
    if (rights === undefined) return;
    fileRights.write(path, rights);
    // Between the two calls whoever may write to the folder above may write to this one.
    for await (const { name } of Deno.readDir(path)) {
      throw new MachineError(`somebody else has put ${name} into it; remove it and try again`);
    }
  }

  setRights(path: string, rights: readonly AllowedRight[]): Promise<void> {
    fileRights.write(path, rights);
    return Promise.resolve();
  }

  rightsOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(fileRights.bytes(path));
  }

  restoreRights(path: string, before: Uint8Array<ArrayBuffer>): Promise<void> {
    fileRights.writeBytes(path, before);
    return Promise.resolve();
  }

  copy(from: string, to: string): Promise<void> {
    return this.#copy(from, to, "", this.#filterOf(from));
  }

  async #copy(from: string, to: string, way: string, isPart: ProgramFilter): Promise<void> {
    if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
    await Deno.mkdir(to);
    for (const name of await namesIn(from, way, isPart)) {
      const [one, other] = [win32.join(from, name), win32.join(to, name)];
      await this.#copy(one, other, `${way}${name}/`, isPart);
    }
  }

  async writeText(path: string, text: string): Promise<void> {
    await Deno.writeTextFile(path, text);
  }

  async rename(from: string, to: string): Promise<void> {
    await Deno.rename(from, to);
  }

  async remove(path: string): Promise<void> {
    await Deno.remove(path, { recursive: true });
  }

  async removeAtReboot(path: string): Promise<void> {
    if ((await stat(path))?.isDirectory) {
      for (const { name } of Deno.readDirSync(path)) {
        await this.removeAtReboot(win32.join(path, name));
      }
    }
    if (kernel32().MoveFileExW(wideText(path), 0n, AT_REBOOT) === 0) {
      windowsCall(kernel32().GetLastError(), `have ${path} removed at the next start`);
    }
  }

  async removeEmpty(path: string): Promise<boolean> {
    try {
      await Deno.remove(path);
      return true;
    } catch {
      return !await this.exists(path);
    }
  }

  task(name: string): Promise<string | undefined> {
    return scheduledTasks.definition(name);
  }

  makeTask(name: string, xml: string): Promise<void> {
    return scheduledTasks.make(name, xml);
  }

  removeTask(name: string): Promise<void> {
    return scheduledTasks.remove(name);
  }

  #filterOf(folder: string): ProgramFilter {
    return programFilter(win32.basename(folder), this.#packages);
  }
}

/** What is copied of a folder, in a fixed order. */
async function namesIn(folder: string, way: string, isPart: ProgramFilter): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.filter((name) => isPart(way + name)).toSorted();
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

async function isSameContent(from: string, to: string): Promise<boolean> {
  using left = await Deno.open(from);
  using right = await Deno.open(to);
  const [some, others] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  for (;;) {
    const [count, other] = [await full(left, some), await full(right, others)];
    if (count !== other) return false;
    if (count === 0) return true;
    if (Buffer.compare(some.subarray(0, count), others.subarray(0, count)) !== 0) return false;
  }
}

/** Reads until the buffer is full or the file over. @returns The bytes read. */
async function full(file: Deno.FsFile, bytes: Uint8Array): Promise<number> {
  let count = 0;
  while (count < bytes.length) {
    const more = await file.read(bytes.subarray(count));
    if (more === null) break;
    count += more;
  }
  return count;
}
