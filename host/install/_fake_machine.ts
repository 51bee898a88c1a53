import { win32 } from "node:path";
import { MachineError } from "../internal/errors.ts";
import { MemoryHive } from "../windows/memory_hive.ts";
import type { RightsFacts } from "../windows/rights_facts.ts";
import type { DllFacts } from "./install_state.ts";
import type { InstallSystem } from "./install_system.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";
import { rightsText } from "../windows/rights_text.ts";
import { RAS_EXPORTS } from "./ras_exports.ts";

const NOBODY: RightsFacts = { foreignOwner: undefined, writers: [] };

/** A Windows machine in memory. A file is a text, a folder is null. */
export class FakeMachine implements InstallSystem {
  readonly hive = new MemoryHive();
  readonly files = new Map<string, string | null>();
  readonly rights = new Map<string, string>();
  readonly tasks = new Map<string, string>();
  /** What can be renamed and not removed, by its content. */
  readonly inUse = new Set<string>();
  readonly atReboot: string[] = [];
  readonly foreign = new Map<string, RightsFacts>();
  admin = true;
  dll: DllFacts | undefined = { architecture: "x64", exports: RAS_EXPORTS };
  /** Changes until one fails. */
  stepsLeft = Infinity;

  constructor() {
    this.hive.onChange = () => this.#step();
  }

  isAdministrator(): boolean {
    return this.admin;
  }

  dllFacts(): Promise<DllFacts | undefined> {
    return Promise.resolve(this.dll);
  }

  rightsFacts(path: string): Promise<RightsFacts> {
    return Promise.resolve(this.foreign.get(path) ?? NOBODY);
  }

  hasRights(path: string, rights: readonly AllowedRight[]): Promise<boolean> {
    return Promise.resolve(this.rights.get(path) === rightsText(rights));
  }

  isSame(from: string, to: string): Promise<boolean> {
    return Promise.resolve(
      this.files.has(from) && this.files.has(to) &&
        JSON.stringify(this.#tree(from)) === JSON.stringify(this.#tree(to)),
    );
  }

  text(path: string): Promise<string | undefined> {
    return Promise.resolve(this.files.get(path) ?? undefined);
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.files.has(path));
  }

  makeFolder(path: string, rights: readonly AllowedRight[] = []): Promise<void> {
    this.#step();
    this.files.set(path, null);
    this.rights.set(path, rightsText(rights));
    return Promise.resolve();
  }

  setRights(path: string, rights: readonly AllowedRight[]): Promise<void> {
    this.#step();
    this.rights.set(path, rightsText(rights));
    return Promise.resolve();
  }

  rightsOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(new TextEncoder().encode(this.rights.get(path)));
  }

  restoreRights(path: string, before: Uint8Array<ArrayBuffer>): Promise<void> {
    this.rights.set(path, new TextDecoder().decode(before));
    return Promise.resolve();
  }

  copy(from: string, to: string): Promise<void> {
    if (!this.files.has(from)) throw new MachineError(`there is no ${from}`);
    for (const [name, content] of this.#tree(from)) {
      // A copy may fail in the middle.
      this.#step();
      this.files.set(to + name, content);
    }
    return Promise.resolve();
  }

  writeText(path: string, text: string): Promise<void> {
    this.#step();
    this.files.set(path, text);
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    this.#step();
    for (const [name, content] of this.#tree(from)) {
      this.files.delete(from + name);
      this.files.set(to + name, content);
      const rights = this.rights.get(from + name);
      if (rights !== undefined) this.rights.set(to + name, rights);
      this.rights.delete(from + name);
    }
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    const tree = this.#tree(path);
    if (tree.some(([, content]) => content !== null && this.inUse.has(content))) {
      throw new MachineError("it is in use");
    }
    for (const [name] of tree) {
      this.files.delete(path + name);
      this.rights.delete(path + name);
    }
    return Promise.resolve();
  }

  removeAtReboot(path: string): Promise<void> {
    this.atReboot.push(path);
    return Promise.resolve();
  }

  removeEmpty(path: string): Promise<boolean> {
    if (this.#tree(path).length > 1) return Promise.resolve(false);
    this.rights.delete(path);
    return Promise.resolve(this.files.delete(path));
  }

  task(name: string): Promise<string | undefined> {
    return Promise.resolve(this.tasks.get(name));
  }

  makeTask(name: string, xml: string): Promise<void> {
    this.#step();
    this.tasks.set(name, xml);
    return Promise.resolve();
  }

  removeTask(name: string): Promise<void> {
    this.#step();
    this.tasks.delete(name);
    return Promise.resolve();
  }

  /** Everything on it, for comparisons. */
  dump(): unknown {
    const sorted = (map: ReadonlyMap<string, unknown>) => [...map].toSorted();
    return [this.hive.dump(), sorted(this.files), sorted(this.rights), sorted(this.tasks)];
  }

  #tree(path: string): [name: string, content: string | null][] {
    return [...this.files].filter(([other]) => other === path || other.startsWith(path + win32.sep))
      .map(([other, content]): [string, string | null] => [other.slice(path.length), content])
      .toSorted();
  }

  #step(): void {
    if (this.stepsLeft-- <= 0) {
      // Undoing works again.
      this.stepsLeft = Infinity;
      throw new MachineError("the disk is full");
    }
  }
}
