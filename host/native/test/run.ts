/**
 * Builds the C tests and runs them: natively, under AddressSanitizer with
 * UndefinedBehaviorSanitizer, without the processor's vectors, and the threads under
 * ThreadSanitizer. Then checks what leaves the library. Prints one line `N passed, N failed` for
 * each mode and ends with 1 when one has failed.
 *
 * ```
 * deno run --allow-read=. --allow-write=host/native/build \
 *   --allow-run host/native/test/run.ts [--quick] [MODE]...
 * ```
 *
 * A mode is `native`, `asan`, `portable`, `tsan` or `library`; without one all are run. Only when
 * asked for: `windows` (needs mingw-w64), `fuzz` (needs clang), `bench` and `layout`, which print JSON.
 * `--quick` damages fewer files. `--seconds=N` is the time for `fuzz`, 30 without; `--merge` keeps
 * the inputs that reached new code in the repository.
 *
 * @module
 */
import { ensureLibrary } from "../build.ts";
import { runFuzz } from "./fuzz/run_fuzz.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const native = new URL("../", import.meta.url);

function print(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text + "\n"));
}

/** One way to compile and run all tests. */
interface Mode {
  readonly name: string;
  readonly flags: readonly string[];
  /** Only tests with this in their names. */
  readonly only: string;
  readonly programs: readonly string[];
  readonly corruptions: { readonly full: number; readonly quick: number };
  readonly env: Readonly<Record<string, string>>;
}

const warnings = [
  "-Wall -Wextra -Werror -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes",
  "-Wmissing-prototypes -Wundef -Wcast-align=strict -Wpointer-arith -Wwrite-strings -Wvla",
  "-Wformat=2",
].join(" ").split(" ");

const everything = [
  "states_test",
  "damage_test",
  "losses_test",
  "commit_test",
  "files_test",
  "memory_test",
  "process_test",
  "arguments_test",
  "callouts_test",
  "connections_test",
  "moment_test",
  "checksum_test",
  "service_test",
  "writers_test",
  "corruption_test",
];

const modes: readonly Mode[] = [
  {
    name: "native",
    flags: ["-O2"],
    only: "",
    programs: everything,
    corruptions: { full: 1_000_000, quick: 100_000 },
    env: {},
  },
  {
    name: "asan",
    flags: ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
    only: "",
    programs: everything,
    corruptions: { full: 200_000, quick: 20_000 },
    env: {},
  },
  {
    // As on a processor without vectors of 16 bytes.
    name: "portable",
    flags: ["-O2", "-U__SSE2__"],
    only: "",
    programs: ["checksum_test", "callouts_test", "connections_test", "states_test"],
    corruptions: { full: 0, quick: 0 },
    env: {},
  },
  {
    name: "tsan",
    flags: ["-O1", "-fsanitize=thread"],
    only: "threads",
    programs: ["writers_test", "service_test", "moment_test"],
    corruptions: { full: 0, quick: 0 },
    env: { TSAN_OPTIONS: "halt_on_error=1" },
  },
];

/** Runs a program to its end. */
async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ success: boolean; text: string }> {
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: native,
    env: { ...env },
    stdout: "piped",
    stderr: "piped",
  });
  const output = await command.output();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  return { success: output.success, text };
}

async function compile(args: readonly string[], what: string): Promise<void> {
  const { success, text } = await run("cc", args);
  if (!success) {
    print(`# Cannot compile ${what}:\n${text}`);
    Deno.exit(1);
  }
}

/** The library's sources, as paths from `host/native`. */
function sources(): string[] {
  return [...Deno.readDirSync(new URL("src/", native))].map((entry) => `src/${entry.name}`)
    .filter((path) => path.endsWith(".c") && !path.includes("platform_windows")).sort();
}

/** Compiles the library and the tests' common code into one object, then each program with it. */
async function compileAll(mode: Mode, folder: string): Promise<void> {
  const common = [
    "-std=c11",
    "-g",
    ...warnings,
    ...mode.flags,
    "-DONHOOK_TEST",
    "-pthread",
    "-Iinclude",
    "-Isrc",
  ];
  const parts = [...sources(), "test/harness.c", "test/support.c"];
  const objects = parts.map((path) => `${folder}/${path.replaceAll("/", "_")}.o`);
  const jobs = parts.map((path, i) => () =>
    compile([...common, "-c", path, "-o", objects[i] ?? ""], path)
  );
  await inPairs(jobs);
  await inPairs(
    mode.programs.map((name) => () =>
      compile([...common, `test/${name}.c`, ...objects, "-o", `${folder}/${name}`], name)
    ),
  );
}

/** Two at a time: compilers are many and processors few. */
async function inPairs(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  for (let i = 0; i < jobs.length; i += 2) {
    await Promise.all(jobs.slice(i, i + 2).map((job) => job()));
  }
}

async function runMode(mode: Mode, quick: boolean, folder: string): Promise<boolean> {
  await compileAll(mode, folder);
  const corruptions = quick ? mode.corruptions.quick : mode.corruptions.full;
  const env = { ...mode.env, ONHOOK_CORRUPTIONS: String(corruptions) };
  let passed = 0;
  let failed = 0;
  for (const name of mode.programs) {
    const { success, text } = await run(`${folder}/${name}`, [mode.only], env);
    const lines = text.split("\n");
    passed += lines.filter((line) => line.startsWith("ok ")).length;
    const bad = lines.filter((line) => line.startsWith("not ok ")).length;
    failed += bad === 0 && !success ? 1 : bad;
    print(`# ${mode.name}: ${name}\n${text.trimEnd()}`);
  }
  print(`${mode.name}: ${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** The names in `exports.def`. */
function exportedNames(): string[] {
  const text = Deno.readTextFileSync(new URL("exports.def", native));
  return text.split("\n").filter((line) => line.startsWith("    ")).map((s) => s.trim()).sort();
}

function report(mode: string, checks: readonly (readonly [string, boolean])[]): boolean {
  for (const [i, [name, good]] of checks.entries()) {
    print(`${good ? "ok" : "not ok"} ${i + 1} - ${mode}: ${name}`);
  }
  const failed = checks.filter(([, good]) => !good).length;
  print(`${mode}: ${checks.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

/** What leaves the library, and what it needs, is what is meant to. */
async function checkLibrary(): Promise<boolean> {
  const library = await ensureLibrary();
  const symbols = await run("nm", ["-D", "--defined-only", library]);
  const found = symbols.text.trim().split("\n").map((line) => line.split(" ").at(-1) ?? "").sort();
  const needed = (await run("readelf", ["-d", library])).text.split("\n")
    .filter((line) => line.includes("NEEDED")).map((line) => line.replace(/.*\[(.*)\].*/, "$1"));
  return report("library", [
    ["exactly the names of exports.def leave", found.join() === exportedNames().join()],
    ["seven of them are RRAS's", found.filter((name) => name.startsWith("MprAdmin")).length === 7],
    ["libc is all that is needed", needed.every((name) => /^(libc|ld-linux.*)\.so/.test(name))],
  ]);
}

/** `onhook.dll` builds, the same bytes each time, with the same exports, from the system alone. */
async function checkWindowsLibrary(): Promise<boolean> {
  const build = async (): Promise<Uint8Array> =>
    Deno.readFileSync(await ensureLibrary({ target: "windows", force: true }));
  const first = await build();
  const second = await build();
  const dump = await run("x86_64-w64-mingw32-objdump", ["-p", "build/onhook.dll"]);
  const exported = [
    ...dump.text.matchAll(/^\s+\[\s*\d+\] (?:\+base\[\s*\d+\] \w+ )?([a-z]\w+)$/gim),
  ]
    .map((match) => match[1]).sort();
  const imported = [...dump.text.matchAll(/DLL Name: (\S+)/g)].map((match) => match[1] ?? "");
  const system = ["ADVAPI32.dll", "KERNEL32.dll", "msvcrt.dll"];
  return report("windows", [
    ["two builds give the same bytes", first.every((byte, i) => byte === second[i])],
    ["exactly the names of exports.def leave", exported.join() === exportedNames().join()],
    ["only the system's libraries are needed", imported.every((name) => system.includes(name))],
  ]);
}

/** Compiles and runs a program that prints JSON. */
async function printJson(name: string, folder: string): Promise<boolean> {
  const flags = ["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-pthread"];
  const output = `${folder}/${name}`;
  const paths = ["-Iinclude", "-Isrc", `test/${name}.c`, ...sources()];
  await compile([...flags, ...paths, "-o", output], name);
  const { success, text } = await run(output, []);
  print(text.trimEnd());
  return success;
}

/** The number after `--seconds=`. */
function fuzzSeconds(): number {
  const text = Deno.args.find((arg) => arg.startsWith("--seconds="))?.slice("--seconds=".length);
  const seconds = text === undefined ? 30 : Number(text);
  if (!Number.isInteger(seconds) || seconds < 4 || seconds > 86_400) {
    print(`Cannot fuzz: --seconds=${text} is given, an integer of 4 to 86400 is wanted`);
    Deno.exit(2);
  }
  return seconds;
}

async function runJob(job: string, quick: boolean, folder: string): Promise<boolean> {
  if (job === "library") {
    return await checkLibrary();
  }
  if (job === "windows") {
    return await checkWindowsLibrary();
  }
  if (job === "bench" || job === "layout") {
    return await printJson(job, folder);
  }
  if (job === "fuzz") {
    const merge = Deno.args.includes("--merge");
    return await runFuzz({ folder, sources: sources(), seconds: fuzzSeconds(), merge });
  }
  const mode = modes.find(({ name }) => name === job);
  if (mode === undefined) {
    print(
      `Cannot run the tests: there is no mode "${job}", native, asan, portable, tsan, ` +
        "library, windows, fuzz, bench or layout is wanted",
    );
    return false;
  }
  return await runMode(mode, quick, folder);
}

if (import.meta.main) {
  const quick = Deno.args.includes("--quick");
  const asked = Deno.args.filter((arg) => !/^--(quick|merge|seconds=.*)$/.test(arg));
  const jobs = asked.length > 0 ? asked : ["native", "asan", "portable", "tsan", "library"];
  const builds = new URL("build/", native);
  Deno.mkdirSync(builds, { recursive: true });
  const folder = Deno.makeTempDirSync({ dir: builds.pathname, prefix: "testing-" });
  let good = true;
  try {
    for (const job of jobs) {
      good = await runJob(job, quick, folder) && good;
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  Deno.exit(good ? 0 : 1);
}
