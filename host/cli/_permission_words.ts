import { isAbsolute, relative } from "@std/path";
import type { PluginEntry } from "../registry/registry_schema.ts";

/** A path as somebody would write it in the registry: short when it is inside its folder. */
export function shortPath(path: string, baseFolder: string): string {
  const way = relative(baseFolder, path).replaceAll("\\", "/");
  if (way === "") return ".";
  return way.startsWith("..") || isAbsolute(way) ? path : `./${way}`;
}

/** What a plugin may do, in plain words; one phrase for each kind of permission. */
export function permissionWords({ permissions, fields = [], baseFolder }: PluginEntry): string[] {
  const paths = (list: readonly string[]): string =>
    list.map((path) => shortPath(path, baseFolder)).join(", ");
  const { read, write, net, env, sys } = permissions;
  // The fields without a dot name nobody.
  const personal = fields.filter((field) => field.includes("."));
  const words = [
    personal.length > 0 && `see of the events ${personal.join(", ")}`,
    read.length > 0 && `read ${paths(read)}`,
    write.length > 0 && `write ${paths(write)}`,
    net.length > 0 && `connect to ${net.join(", ")}`,
    env.length > 0 && `see the environment's ${env.join(", ")}`,
    sys.length > 0 && `ask the system for ${sys.join(", ")}`,
  ].filter((phrase) => phrase !== false);
  return words.length > 0 ? words : ["do nothing but compute and write to the log"];
}
