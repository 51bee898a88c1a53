import { editRegistry, type RegistryEdit } from "../registry/edit_registry.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { registryPathOf } from "./_registry_option.ts";
import type { CliIo } from "./cli_io.ts";

/** What a changed registry says of the plugin that was meant. */
export interface ChangedPlugin {
  /** The plugin, undefined when it was removed. */
  readonly entry: PluginEntry | undefined;
  /** Such as `2 of 3`, counted from 1; `0 of 3` when it was removed. */
  readonly place: string;
}

/** The texts of a change. */
export interface ChangeTexts {
  /** Said when the file is another one now. */
  changed(plugin: ChangedPlugin): string;
  /** Said in a line of its own after it. */
  more?(plugin: ChangedPlugin): string;
  /** Said when it is as it was. */
  unchanged(plugin: ChangedPlugin): string;
}

/** Changes the registry and tells what changed. @returns The exit code. */
export async function changeRegistry(
  named: string | undefined,
  id: string,
  edit: RegistryEdit,
  texts: ChangeTexts,
  io: CliIo,
): Promise<number> {
  const path = registryPathOf(named, io);
  const { changed, registry } = await editRegistry(path, edit);
  const at = registry.plugins.findIndex((plugin) => plugin.id === id);
  const plugin = { entry: registry.plugins[at], place: `${at + 1} of ${registry.plugins.length}` };
  if (!changed) {
    io.out(`${texts.unchanged(plugin)}; ${registry.source} is as it was`);
    return 0;
  }
  io.out(`${texts.changed(plugin)} in ${registry.source}`);
  if (texts.more !== undefined) io.out(texts.more(plugin));
  io.out("A host that runs takes this up by itself, from the next event on");
  return 0;
}
