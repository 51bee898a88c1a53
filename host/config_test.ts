import { assert, assertEquals, assertThrows } from "@std/assert";
import { configOptionName, type ConfigSurroundings, resolveConfig } from "./config.ts";
import { configSchema } from "./config_schema.ts";
import { InputError } from "./internal/errors.ts";

type Env = Record<string, string | undefined>;
const HERE: ConfigSurroundings = { workingFolder: "/srv/onhook" };

function paths(options: Record<string, unknown>, env: Env, os: typeof Deno.build.os): string[] {
  const workingFolder = os === "windows" ? "C:\\work" : "/srv/onhook";
  const config = resolveConfig(options, env, os, { workingFolder });
  return [config.journalPath, config.stateFolder];
}

function problemsOf(
  options: Record<string, unknown>,
  env: Env,
  os: typeof Deno.build.os = "linux",
  fileText?: string,
): string[] {
  const file = fileText === undefined ? undefined : { path: "/etc/onhook.jsonc", text: fileText };
  const error = assertThrows(
    () => resolveConfig(options, env, os, { ...HERE, file }),
    InputError,
  );
  return error.problems.map((p) => `${p.source}: ${p.place}: ${p.found} -> ${p.wanted}`);
}

Deno.test("resolveConfig() finds the journal and the state folder when nothing is said", () => {
  const table: [Record<string, unknown>, Env, typeof Deno.build.os, string, string][] = [
    [
      {},
      { HOME: "/h" },
      "linux",
      "/h/.local/state/onhook/hangup.journal",
      "/h/.local/state/onhook",
    ],
    [{}, { HOME: "/h", XDG_STATE_HOME: "/x" }, "linux", "/x/onhook/hangup.journal", "/x/onhook"],
    [
      {},
      { HOME: "/h", XDG_STATE_HOME: "" },
      "darwin",
      "/h/.local/state/onhook/hangup.journal",
      "/h/.local/state/onhook",
    ],
    [
      {},
      { HOME: "/h", XDG_STATE_HOME: "x" },
      "linux",
      "/h/.local/state/onhook/hangup.journal",
      "/h/.local/state/onhook",
    ],
    [{}, { HOME: "/h", ONHOOK_JOURNAL: "/j/a.journal" }, "linux", "/j/a.journal", "/j"],
    [
      { journalPath: "b.journal" },
      { ONHOOK_JOURNAL: "/j/a" },
      "linux",
      "/srv/onhook/b.journal",
      "/srv/onhook",
    ],
    [{ journalPath: "/q/b", stateFolder: "s" }, {}, "linux", "/q/b", "/srv/onhook/s"],
    [
      { registryPath: "r.json" },
      { ProgramData: "C:\\ProgramData" },
      "windows",
      "C:\\ProgramData\\Onhook\\hangup.journal",
      "C:\\ProgramData\\Onhook",
    ],
    [{ registryPath: "r.json", journalPath: "D:\\j\\a" }, {}, "windows", "D:\\j\\a", "D:\\j"],
    [{ registryPath: "r.json" }, { ONHOOK_JOURNAL: "D:\\j\\a" }, "windows", "D:\\j\\a", "D:\\j"],
  ];
  for (const [options, env, os, journal, state] of table) {
    assertEquals(paths(options, env, os), [journal, state], JSON.stringify([options, env, os]));
  }
});

Deno.test("resolveConfig() gives every number its default when only a home is known", () => {
  const config = resolveConfig({}, { HOME: "/h" }, "linux", HERE);
  assertEquals(config.journalBytes, 64 * 1024 * 1024);
  assertEquals(config.stopLimitMs, 5000);
  const slashed = [config.registryPath, config.libraryPath].map((path) =>
    path.replaceAll("\\", "/")
  );
  assert(slashed[0]!.endsWith("/plugins/registry.json"));
  assert(slashed[1]!.endsWith("/host/native/build/libonhook.so"));
});

Deno.test("resolveConfig() takes options before the file and the file before the environment", () => {
  const text = `// Ours.
  { "journalPath": "j/a.journal", "readBytes": 8192, "windowMs": 5000, }`;
  const config = resolveConfig(
    { windowMs: 6000 },
    { ONHOOK_JOURNAL: "/env" },
    "linux",
    { workingFolder: "/srv/onhook", file: { path: "/etc/onhook.jsonc", text } },
  );
  assertEquals([config.journalPath, config.readBytes, config.windowMs], [
    "/etc/j/a.journal",
    8192,
    6000,
  ]);
});

Deno.test("resolveConfig() lists the problems of all sources at once when there are some", () => {
  assertEquals(
    problemsOf(
      { journalBytes: 100_000, stopLimitMs: "soon", registryPath: "windows" },
      { ONHOOK_JOURNAL: "a.journal" },
      "linux",
      '{ "readBytes": 1, "readByte": 2, "stateFolder": 7 }',
    ),
    [
      '/etc/onhook.jsonc: readByte (1:19): the key "readByte" -> "readBytes"',
      'environment: ONHOOK_JOURNAL: "a.journal" -> an absolute path: the service that reads it ' +
      "too has another working folder",
      'command line: --registry: "windows" -> --registry=PATH of a registry file; this system ' +
      "has no Windows registry",
      "/etc/onhook.jsonc: stateFolder (1:49): 7 -> a path without control characters",
      "command line: --journal-bytes: 100000 -> a power of two, such as 67108864",
      "/etc/onhook.jsonc: readBytes (1:16): 1 -> a whole number of bytes from 4096 to 16777216",
      'command line: --stop-limit-ms: "soon" -> a whole number of milliseconds from 0 to 5000',
    ],
  );
});

Deno.test("resolveConfig() says what to name when no journal can be found", () => {
  assertEquals(problemsOf({}, {}), [
    "environment: ONHOOK_JOURNAL, XDG_STATE_HOME, HOME: nothing -> one of them, or --journal=PATH",
  ]);
  assertEquals(problemsOf({ registryPath: "r" }, {}, "windows"), [
    "environment: ONHOOK_JOURNAL, ProgramData: nothing -> one of them, or --journal=PATH",
  ]);
});

Deno.test("resolveConfig() means the Windows registry when it is Windows and no file is named", () => {
  const of = (options: Readonly<Record<string, unknown>>) =>
    resolveConfig(options, {}, "windows", { workingFolder: "C:\\w" }).registryPath;
  const journalPath = "C:\\j";
  assertEquals(of({ journalPath }), "windows");
  assertEquals(of({ journalPath, registryPath: "windows" }), "windows");
  assertEquals(of({ journalPath, registryPath: ".\\windows" }), "C:\\w\\windows");
});

Deno.test("resolveConfig() takes the journal that the Windows registry names before the default", () => {
  const of = (env: Readonly<Record<string, string>>) =>
    resolveConfig({}, env, "windows", { workingFolder: "C:\\", installedJournal: "D:\\o\\j" })
      .journalPath;
  assertEquals(of({ ProgramData: "C:\\ProgramData" }), "D:\\o\\j");
  assertEquals(of({ ONHOOK_JOURNAL: "E:\\j" }), "E:\\j");
});

Deno.test("resolveConfig() refuses values that contradict each other", () => {
  assertEquals(problemsOf({ backoffLongestMs: 100 }, { HOME: "/h" }), [
    "command line: --backoff-first-ms: 200 -> at most backoffLongestMs, which is 100",
  ]);
});

Deno.test("resolveConfig() refuses the file when it is no object or no JSON", () => {
  assertEquals(problemsOf({}, { HOME: "/h" }, "linux", "[]"), [
    "/etc/onhook.jsonc: the document (1:1): an empty list -> an object",
  ]);
  assertEquals(problemsOf({}, { HOME: "/h" }, "linux", "{"), [
    "/etc/onhook.jsonc: 1:2: the end of the file -> a closing brace }",
  ]);
});

Deno.test("configSchema describes every value and bounds every number", () => {
  for (const [key, value] of Object.entries(configSchema.shape)) {
    assert(value.description?.endsWith("."), `${key} has no description`);
    if (key.endsWith("Path") || key.endsWith("Folder") || ["logLevel", "watch"].includes(key)) {
      continue;
    }
    assert(!value.safeParse(Number.MAX_SAFE_INTEGER).success, `${key} has no maximum`);
    assert(!value.safeParse(-1).success, `${key} has no minimum`);
    assert(value.safeParse(undefined).success, `${key} has no default`);
    assert(/(?:Bytes|Ms|Max|Days|Hours)$/.test(key), `${key} has no unit in its name`);
  }
});

Deno.test("configOptionName() gives the option's name in small letters", () => {
  assertEquals(configOptionName("journalPath"), "--journal");
  assertEquals(configOptionName("logLinesPerSecondMax"), "--log-lines-per-second-max");
});
