/** Holds the house rules that a formatter and a linter do not know. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join, relative } from "@std/path";
import { houseRules } from "./support/house_rules.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const FILE_LINES_MAX = 400;
const TEST_FILE_LINES_MAX = 600;
const LINE_CHARACTERS_MAX = 120;

/** Which rooms of `host/` a room may import from; its own is always allowed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  std: [],
  internal: ["std"],
  events: ["internal", "std"],
  protocol: ["events", "internal", "std"],
  sessions: ["events", "internal", "std"],
  store: ["protocol", "events", "internal", "std"],
  windows: ["internal", "std"],
  registry: ["windows", "protocol", "events", "internal", "std"],
  supervisor: ["windows", "registry", "protocol", "events", "internal", "std"],
  runner: ["protocol", "events"],
  ffi: ["events", "internal", "std", "native"],
  simulator: ["windows", "ffi", "events", "internal", "std", "native"],
  doctor: [
    "install",
    "windows",
    "store",
    "registry",
    "ffi",
    "protocol",
    "events",
    "internal",
    "std",
  ],
  install: ["windows", "registry", "native", "internal", "std"],
  native: ["internal", "std"],
  history: ["supervisor", "store", "registry", "protocol", "events", "internal", "std"],
  pipeline: [
    ...["supervisor", "store", "registry", "sessions", "protocol", "events", "internal", "std"],
  ],
};

function sources(folder: string): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      if (!["build", "data", "node_modules"].includes(entry.name)) found.push(...sources(path));
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) found.push(path);
  }
  return found;
}

const ALL_PAPERS = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"];

const read = (path: string): string => Deno.readTextFileSync(join(ROOT, path));
const isTest = (path: string): boolean => /_test\.ts$|\/_fake/.test(path);

const HOST = sources("host");
const ALL = [...HOST, ...sources("plugins"), ...sources("examples"), ...sources("tests"), "mod.ts"];

/** The files that a file imports, relative to the root. */
function importsOf(path: string): { target: string; isTypeOnly: boolean }[] {
  const found: { target: string; isTypeOnly: boolean }[] = [];
  const pattern = /^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/gm;
  for (const [, type, from, dynamic] of read(path).matchAll(pattern)) {
    const target = relative(ROOT, join(ROOT, path, "..", (from ?? dynamic)!)).replaceAll("\\", "/");
    found.push({ target, isTypeOnly: type !== undefined });
  }
  return found;
}

Deno.test("tidy: imports in host/ follow the arrow", () => {
  const wrong: string[] = [];
  for (const path of HOST.filter((path) => !isTest(path))) {
    const room = path.split("/")[1]!;
    const allowed = ARROWS[room];
    for (const { target } of importsOf(path)) {
      const other = target.split("/")[1]!;
      if (target.startsWith("plugins/")) wrong.push(`${path} imports ${target}`);
      if (allowed === undefined || !target.startsWith("host/") || room === other) continue;
      if (!allowed.includes(other)) wrong.push(`${path} imports ${target}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("tidy: the runner loads neither zod nor a room of the host's at run time", () => {
  const seen = new Set<string>();
  const queue = ["host/runner/main.ts"];
  while (queue.length > 0) {
    const path = queue.pop()!;
    if (seen.has(path)) continue;
    seen.add(path);
    const text = read(path);
    assertEquals(/^import (?!type )[^;]*"zod"/m.test(text), false, `${path} loads zod`);
    for (const { target, isTypeOnly } of importsOf(path)) if (!isTypeOnly) queue.push(target);
  }
  const rooms = new Set([...seen].map((path) => path.split("/")[1]));
  assertEquals([...rooms].toSorted(), ["events", "protocol", "runner"]);
});

Deno.test("tidy: files and lines are not too long", () => {
  const wrong: string[] = [];
  for (const path of ALL) {
    const lines = read(path).split("\n");
    const linesMax = isTest(path) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
    if (lines.length > linesMax) wrong.push(`${path} has ${lines.length} lines`);
    const long = lines.findIndex((line) => line.length > LINE_CHARACTERS_MAX);
    if (long >= 0) wrong.push(`${path}:${long + 1} is too long`);
  }
  assertEquals(wrong, []);
});

Deno.test("tidy: functions, errors and clocks follow the house rules", () => {
  const wrong: string[] = [];
  for (const path of HOST) {
    for (const { message, range } of Deno.lint.runPlugin(houseRules, `/${path}`, read(path))) {
      const line = read(path).slice(0, range[0]).split("\n").length;
      wrong.push(`${path}:${line} ${message}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("tidy: mod.ts only re-exports, by name", () => {
  const code = read("mod.ts").replace(/\/\*\*[\s\S]*?\*\//g, "").trim();
  for (const statement of code.split(/;\s*/).filter((text) => text !== "")) {
    assertEquals(/^export (type )?\{[^*]*\} from "\.\/[^"]+"$/.test(statement), true, statement);
  }
});

Deno.test("tidy: mod.ts can be imported without any permission", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--quiet", join(ROOT, "mod.ts")],
    stdin: "null",
  }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
});

Deno.test("tidy: nothing tells of the machine or the registry it was made with", () => {
  const patterns = [/registry\.(npmjs|yarnpkg)\.org/, /\/root\//, /\/work\//];
  const own = "tests/tidy_test.ts";
  const papers = [...ALL_PAPERS, "deno.json"];
  const wrong = [...ALL, ...papers, "deno.lock"].filter((path) =>
    path !== own && patterns.some((pattern) => pattern.test(read(path)))
  );
  assertEquals(wrong, []);
});

Deno.test("tidy: every file that a paper names is there", () => {
  const papers = ALL_PAPERS.filter((path) => path !== "CHANGELOG.md");
  const named = /(?:\]\(|`)((?:host|plugins|tests|examples)\/[\w./-]+)(?:\)|`)/g;
  const missing: string[] = [];
  for (const paper of papers) {
    for (const [, path] of read(paper).matchAll(named)) {
      if (path!.startsWith("host/native/build/") || path === "plugins/hello.ts") continue;
      try {
        Deno.statSync(join(ROOT, path!));
      } catch {
        missing.push(`${paper} names ${path}`);
      }
    }
  }
  assertEquals(missing, []);
});
