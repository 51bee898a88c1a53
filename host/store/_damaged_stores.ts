import { join } from "@std/path";
import type { Clock } from "../internal/clock.ts";
import { StoreError } from "../internal/errors.ts";
import type { HostLog } from "../internal/host_log.ts";

/** The database of a host and what SQLite keeps beside it. */
export const STORE_FILES = ["onhook.sqlite", "onhook.sqlite-wal", "onhook.sqlite-shm"] as const;

const PREFIX = "damaged-";

/** A store that was set aside. */
interface DamagedStore {
  /** Name of its folder, which begins with the time. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Sets the store of a state folder aside.
 *
 * @returns The name that the database has now.
 * @throws {StoreError} When somebody has it open, on Windows.
 */
export function setAside(stateFolder: string, clock: Clock): string {
  const stamp = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, "-");
  const folder = Deno.makeTempDirSync({ dir: stateFolder, prefix: `${PREFIX}${stamp}-` });
  for (const name of STORE_FILES) {
    try {
      Deno.renameSync(join(stateFolder, name), join(folder, name));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      if (name === STORE_FILES[0]) Deno.removeSync(folder);
      const reason = (error as Error).message;
      // On Windows nobody renames what somebody has open.
      throw new StoreError(
        `Cannot set the damaged store aside: ${reason}, wanted nobody to have it open; end other ` +
          "commands that read it and start the host again",
        { cause: error },
      );
    }
  }
  return join(folder, STORE_FILES[0]);
}

/**
 * Drops damaged stores that are too many, and says which, and in time that the next one will be.
 *
 * What could still be read of events has been taken over from each when it was set aside; what is in
 * it alone is the past: history, dead letters, keys of `ctx.once`. So the newest one is kept, for
 * whoever looks why it broke, and of the others the largest: a store that breaks again an hour after
 * the first one holds an hour, the first one may hold a year's accounts.
 *
 * Folders that hold anything else than a store are nobody's but the administrator's.
 */
export function dropDamagedStores(stateFolder: string, storesMax: number, log: HostLog): void {
  const [newest, ...others] = damagedStores(stateFolder)
    .toSorted((a, b) => a.name < b.name ? 1 : -1);
  if (newest === undefined) return;
  const bySize = others.toSorted((a, b) => b.bytes - a.bytes);
  const kept = `at most ${storesMax} are kept (damagedStoresMax), the newest and the largest ` +
    "others; move away what you want to keep, or start the host with a larger " +
    "--damaged-stores-max";
  for (const { name, bytes } of bySize.slice(storesMax - 1)) {
    remove(join(stateFolder, name));
    log.error(`A damaged store that was set aside is dropped: ${name}, ${bytes} bytes; ${kept}`);
  }
  if (others.length + 1 !== storesMax) return;
  const next = storesMax === 1 ? newest : bySize.at(-1)!;
  log.warn(
    `There are ${storesMax} damaged stores in ${stateFolder}: with the next one ${next.name}, ` +
      `${next.bytes} bytes, or a smaller one is dropped; ${kept}`,
  );
}

function damagedStores(stateFolder: string): DamagedStore[] {
  return [...Deno.readDirSync(stateFolder)]
    .filter(({ name, isDirectory }) => isDirectory && name.startsWith(PREFIX))
    .flatMap(({ name }) => {
      const files = [...Deno.readDirSync(join(stateFolder, name))];
      const isOurs = files.every((file) => (STORE_FILES as readonly string[]).includes(file.name));
      if (!isOurs) return [];
      const sizes = files.map((file) => Deno.statSync(join(stateFolder, name, file.name)).size);
      return [{ name, bytes: sizes.reduce((sum, size) => sum + size, 0) }];
    });
}

/** Removes the files of a store and their folder, and nothing else that may be in there. */
function remove(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) Deno.removeSync(join(folder, name));
  Deno.removeSync(folder);
}
