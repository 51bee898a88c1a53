import { MachineError } from "../internal/errors.ts";
import type { RegistryHive } from "../windows/registry_hive.ts";
import { type RegistryWrite, writeRegistry } from "../windows/registry_write.ts";
import { type Change, changeWords } from "./change.ts";
import type { InstallSystem } from "./install_system.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";

/** How changes are made. */
export interface ApplyOptions {
  /** Called before each change with its words. */
  readonly say: (words: string) => void;
}

type Undo = () => Promise<void>;

/** What is left to do when all changes are made: until then, each of them can be undone. */
interface Afterwards {
  /** What was moved aside and is of no more use. */
  readonly aside: string[];
  readonly emptyFolders: string[];
}

/** The words of an error, without the class. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[\s.]+$/, "");
}

async function freeName(system: InstallSystem, path: string): Promise<string> {
  for (let count = 1;; count++) {
    const name = `${path}.old-${count}`;
    if (!await system.exists(name)) return name;
  }
}

/** Moves what is there aside, so that it can come back. */
async function movedAside(
  system: InstallSystem,
  path: string,
  { aside }: Afterwards,
): Promise<Undo> {
  if (!await system.exists(path)) return async () => {};
  const name = await freeName(system, path);
  await system.rename(path, name);
  aside.push(name);
  return async () => {
    await system.rename(name, path);
    aside.splice(aside.indexOf(name), 1);
  };
}

/** Puts something new at a path; what of it is there after a failure goes again. */
async function replaced(
  system: InstallSystem,
  path: string,
  afterwards: Afterwards,
  make: () => Promise<void>,
): Promise<Undo> {
  const back = await movedAside(system, path, afterwards);
  const undo = async () => {
    if (await system.exists(path)) await system.remove(path);
    await back();
  };
  try {
    await make();
  } catch (error) {
    await undo();
    throw error;
  }
  return undo;
}

function writtenKey(hive: RegistryHive, write: RegistryWrite): Undo {
  const before = hive.key(write.key);
  // Writing a value makes the keys above it as well.
  const parts = write.key.split("\\");
  const made = parts.map((_, at) => parts.slice(0, at + 1).join("\\"))
    .filter((path) => hive.key(path) === undefined);
  writeRegistry(hive, write);
  return () => {
    if (before === undefined) { for (const path of made.toReversed()) hive.deleteKey(path); }
    else if (write.kind === "deleteKey") {
      hive.makeKey(write.key);
      for (const [name, value] of before.values) hive.setValue(write.key, name, value);
    } else {
      const found = [...before.values].find(([name]) =>
        name.toUpperCase() === write.name.toUpperCase()
      );
      if (found === undefined) hive.deleteValue(write.key, write.name);
      else hive.setValue(write.key, found[0], found[1]);
    }
    return Promise.resolve();
  };
}

async function folderMade(
  system: InstallSystem,
  path: string,
  rights: readonly AllowedRight[] | undefined,
): Promise<Undo> {
  if (!await system.exists(path)) {
    await system.makeFolder(path, rights);
    return async () => void await system.removeEmpty(path);
  }
  if (rights === undefined) return async () => {};
  const before = await system.rightsOf(path);
  await system.setRights(path, rights);
  return () => system.restoreRights(path, before);
}

async function taskChanged(system: InstallSystem, name: string, xml?: string): Promise<Undo> {
  const before = await system.task(name);
  if (xml !== undefined) await system.makeTask(name, xml);
  else if (before !== undefined) await system.removeTask(name);
  return async () => {
    if (before !== undefined) await system.makeTask(name, before);
    else if (xml !== undefined) await system.removeTask(name);
  };
}

async function made(
  system: InstallSystem,
  change: Change,
  afterwards: Afterwards,
): Promise<Undo> {
  switch (change.kind) {
    case "folder":
      return await folderMade(system, change.path, change.rights);
    case "copy": {
      const { from, to } = change;
      return await replaced(system, to, afterwards, () => system.copy(from, to));
    }
    case "file": {
      const { path, text } = change;
      return await replaced(system, path, afterwards, () => system.writeText(path, text));
    }
    case "remove":
      return await movedAside(system, change.path, afterwards);
    case "removeEmpty":
      afterwards.emptyFolders.push(change.path);
      return async () => {};
    case "registry":
      return writtenKey(system.hive, change.write);
    case "task":
      return await taskChanged(system, change.name, change.xml);
    case "removeTask":
      return await taskChanged(system, change.name);
  }
}

async function undone(undos: readonly Undo[]): Promise<string[]> {
  const failures: string[] = [];
  for (const undo of undos.toReversed()) {
    try {
      await undo();
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  return failures;
}

/** Removes what was moved aside. @returns What has to wait for the next start of the system. */
async function cleared(system: InstallSystem, afterwards: Afterwards): Promise<string[]> {
  const waiting: string[] = [];
  for (const path of afterwards.aside) {
    try {
      await system.remove(path);
    } catch {
      await system.removeAtReboot(path);
      waiting.push(path);
    }
  }
  for (const path of afterwards.emptyFolders) {
    // Renamed files that are in use still lie in it.
    const isHolding = waiting.some((name) => name.startsWith(path));
    if (!await system.removeEmpty(path) && isHolding) {
      await system.removeAtReboot(path);
      waiting.push(path);
    }
  }
  return waiting;
}

/**
 * Makes changes one after the other. When one fails, those before it are undone.
 *
 * @returns Paths that are in use and are removed when the system starts the next time.
 * @throws {MachineError} When a change fails; it says whether all before it could be undone.
 */
export async function applyChanges(
  changes: readonly Change[],
  system: InstallSystem,
  { say }: ApplyOptions,
): Promise<string[]> {
  const afterwards: Afterwards = { aside: [], emptyFolders: [] };
  const undos: Undo[] = [];
  for (const change of changes) {
    const words = changeWords(change);
    say(words);
    try {
      undos.push(await made(system, change, afterwards));
    } catch (error) {
      const failures = await undone(undos);
      const after = failures.length === 0
        ? "everything before it has been undone"
        : `what was done before it could not be undone as a whole: ${failures.join("; ")}`;
      throw new MachineError(`Cannot ${words}: ${reasonOf(error)}; ${after}`, { cause: error });
    }
  }
  return await cleared(system, afterwards);
}
