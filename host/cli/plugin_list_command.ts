import { command, map, message, object, option } from "@optique/core";
import { bytesText, countText, durationText } from "./_number_texts.ts";
import { bold, dim, green, red, yellow } from "./_paint.ts";
import { permissionWords, shortPath } from "./_permission_words.ts";
import { registryOption, registryPathOf } from "./_registry_option.ts";
import type { CliAction, CliIo } from "./cli_io.ts";
import { readRegistry } from "../registry/read_registry.ts";
import type { PluginEntry, Registry } from "../registry/registry_schema.ts";

const MIB = 1024 * 1024;

interface ListedPlugin {
  readonly entry: PluginEntry;
  readonly moduleExists: boolean;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

function stateText({ entry, moduleExists }: ListedPlugin): string {
  return `${entry.enabled ? "enabled" : "disabled"}${moduleExists ? "" : ", file missing"}`;
}

function statePaint({ entry, moduleExists }: ListedPlugin): (text: string, on: boolean) => string {
  if (!moduleExists) return entry.enabled ? red : yellow;
  return entry.enabled ? green : dim;
}

function jsonOf(registry: Registry, plugins: readonly ListedPlugin[]): string {
  const list = plugins.map(({ entry, moduleExists }, index) => {
    const { baseFolder: _, ...rest } = entry;
    return { order: index + 1, ...rest, moduleExists };
  });
  return JSON.stringify({ registry: registry.source, plugins: list }, null, 2);
}

function table(plugins: readonly ListedPlugin[], io: CliIo): string {
  const heads = ["", "id", "state", "time limit", "memory", "module"];
  const rows = plugins.map((plugin, index) => [
    String(index + 1),
    plugin.entry.id,
    stateText(plugin),
    durationText(plugin.entry.timeoutMs),
    bytesText(plugin.entry.memoryMb * MIB),
    shortPath(plugin.entry.path, plugin.entry.baseFolder),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const padded = (row: readonly string[]): string[] =>
    row.map((cell, column) => column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0));
  const indent = " ".repeat((widths[0] ?? 0) + 2);
  const lines = [bold(padded(heads).join("  "), io.outColors)];
  for (const [index, plugin] of plugins.entries()) {
    const cells = padded(rows[index] ?? []);
    cells[2] = statePaint(plugin)(cells[2] ?? "", io.outColors);
    lines.push(cells.join("  "));
    for (const [at, words] of permissionWords(plugin.entry).entries()) {
      lines.push(dim(`${indent}${at === 0 ? "may" : "   "} ${words}`, io.outColors));
    }
  }
  return lines.join("\n");
}

/** `plugin list`: the registry as a table. */
export const pluginListCommand = command(
  "list",
  map(
    object({
      json: option("--json", { description: message`Prints JSON for other programs.` }),
      registry: registryOption,
    }),
    ({ json, registry: named }): CliAction => async (io) => {
      const path = registryPathOf(named, io);
      const registry = await readRegistry(path, { filesMustExist: false });
      const plugins = await Promise.all(registry.plugins.map(async (entry) => ({
        entry,
        moduleExists: await isFile(entry.path),
      })));
      if (json) {
        io.out(jsonOf(registry, plugins));
        return 0;
      }
      const order = plugins.length > 1 ? ", called in this order" : "";
      io.out(`${registry.source}: ${countText(plugins.length, "plugin")}${order}`);
      if (plugins.length > 0) io.out(`\n${table(plugins, io)}`);
      return 0;
    },
  ),
  {
    brief: message`Show the plugins in call order with state and permissions.`,
    description: message`Shows the plugins of the registry in call order: state, limits, module \
and what each may do besides reading its own modules.`,
  },
);
