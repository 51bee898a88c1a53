import { LineReader } from "../protocol/line_reader.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { Refusals } from "./refusals.ts";

/** Deno writes here what a process asks permission for, also what the plugin keeps to itself. */
const VARIABLE = "DENO_AUDIT_PERMISSIONS";
/** A plugin that asks without end must not fill the disk: beyond this the replay is ended. */
const BYTES_MAX = 64 * 1024 * 1024;
const LINE_BYTES_MAX = 4096;
/** Nothing of these kinds is granted in a dry run, so whatever was asked for was refused. */
const REFUSED_KINDS = new Set(["write", "net", "env", "sys", "run", "ffi", "import"]);

/**
 * A replay without effects: the plugin has nothing granted but what it may read. What it tries
 * beyond that is refused by Deno, not left out by the plugin's good will, and Deno itself writes
 * down what was asked for.
 */
export class DryRun implements AsyncDisposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @param folder Where Deno's list is kept meanwhile; made when it is not there. */
  static async begin(folder: string): Promise<DryRun> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const path = await Deno.makeTempFile({ dir: folder, prefix: "asked-", suffix: ".jsonl" });
    Deno.env.set(VARIABLE, path);
    return new DryRun(path);
  }

  /** The plugin without its grants; the one variable names Deno's list and says nothing else. */
  entry(entry: PluginEntry): PluginEntry {
    const { read } = entry.permissions;
    return { ...entry, permissions: { read, write: [], net: [], env: [VARIABLE], sys: [] } };
  }

  /** Whether the plugin asks for so much that the replay has to end. */
  get isTooMuch(): boolean {
    return Deno.statSync(this.#path).size > BYTES_MAX;
  }

  /** Adds what was asked for, and so was refused. */
  async addTo(refusals: Refusals): Promise<void> {
    const lines = new LineReader(LINE_BYTES_MAX, (line) => {
      const asked = parse(line);
      if (asked !== undefined) refusals.addAsked(asked.kind, asked.target);
    });
    const file = await Deno.open(this.#path);
    for await (const chunk of file.readable) lines.push(chunk);
    lines.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Deno.env.delete(VARIABLE);
    await Deno.remove(this.#path);
  }
}

function parse(line: string): { kind: string; target: string } | undefined {
  try {
    const { permission, value } = JSON.parse(line) as { permission?: unknown; value?: unknown };
    if (typeof permission !== "string" || !REFUSED_KINDS.has(permission)) return undefined;
    const target = typeof value === "string" ? value : "";
    // An address comes a second time as host and port; its path may hold a secret.
    if (permission === "net" && target.includes("://")) return undefined;
    return permission === "env" && target === VARIABLE ? undefined : { kind: permission, target };
  } catch {
    // A line that was cut because it was too long.
    return undefined;
  }
}
