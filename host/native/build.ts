/**
 * Builds the native library: `libonhook.so` with the system's C compiler, and with `--windows`
 * `onhook.dll` with mingw-w64. `--prebuilt` does the latter and keeps the result in
 * `host/native/prebuilt`, which has to be done with each change of the library.
 *
 * Permissions: read this repository, write `host/native/build` (with `--prebuilt` also
 * `host/native/prebuilt`), run `cc` (with `--windows` `x86_64-w64-mingw32-gcc` and `-windres`). When
 * the library is up to date, reading is enough.
 *
 * @module
 */
import { InputError, NativeError } from "../internal/errors.ts";

/** Which library, and when to build it. */
export interface EnsureLibraryOptions {
  /** The system that the library is for. @default this one */
  readonly target?: "linux" | "windows";
  /** Build even when it is up to date. @default false */
  readonly force?: boolean;
}

const here = new URL("./", import.meta.url);
const folder = new URL("build/", here);
/** A library for servers without a compiler, and its SHA-256 as `sha256sum` writes it. */
const prebuilt = new URL("prebuilt/windows-x64/onhook.dll", here);

/** What the two libraries differ in. */
interface Recipe {
  readonly name: string;
  /** Turns `onhook.rc` into an object. */
  readonly resourceCompiler?: string;
  readonly compiler: string;
  readonly package: string;
  /** How the names of the other system's sources begin. */
  readonly leaveOut: string;
  readonly flags: (exportsFile: string) => string[];
}

const warnings = [
  "-Wall",
  "-Wextra",
  "-Wconversion",
  "-Wshadow",
  "-Werror=implicit-function-declaration",
];

const recipes: Readonly<Record<"linux" | "windows", Recipe>> = {
  linux: {
    name: "libonhook.so",
    compiler: "cc",
    package: "gcc",
    leaveOut: "platform_windows",
    flags: (exportsFile) => [
      "-O2",
      "-fPIC",
      "-fvisibility=hidden",
      "-fno-semantic-interposition",
      "-shared",
      "-pthread",
      `-Wl,--version-script=${exportsFile}`,
      // A thread of ours may still be leaving when the library is closed.
      "-Wl,-z,nodelete",
      "-Wl,-z,relro,-z,now",
      "-Wl,--no-undefined",
    ],
  },
  windows: {
    name: "onhook.dll",
    resourceCompiler: "x86_64-w64-mingw32-windres",
    compiler: "x86_64-w64-mingw32-gcc",
    package: "gcc-mingw-w64-x86-64",
    leaveOut: "platform_linux",
    flags: (exportsFile) => [
      "-O2",
      "-shared",
      "-s",
      "-static-libgcc",
      "-Wl,--no-insert-timestamp",
      // Without it the linker makes up a base from the output's path. Addresses stay random.
      "-Wl,--image-base=0x180000000,--dynamicbase,--nxcompat,--high-entropy-va",
      exportsFile,
      "-ladvapi32",
    ],
  },
};

/** The file system path of a `file:` URL, on Windows with a drive letter. */
function pathOf(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1).replaceAll("/", "\\") : path;
}

function failed(message: string, symbol: string, cause?: unknown): NativeError {
  const details = { code: 0, symbol, systemCode: 0, processId: 0 };
  return new NativeError(message, details, cause === undefined ? undefined : { cause });
}

function modified(url: URL): number | undefined {
  try {
    return Deno.statSync(url).mtime?.getTime();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return undefined;
    }
    throw error;
  }
}

function filesIn(path: string, suffix: string): URL[] {
  const parent = new URL(path, here);
  return [...Deno.readDirSync(parent)]
    .filter((entry) => entry.isFile && entry.name.endsWith(suffix))
    .map((entry) => new URL(entry.name, parent))
    .sort((a, b) => (a.href < b.href ? -1 : 1));
}

function isUpToDate(library: URL): boolean {
  const built = modified(library);
  const inputs = [
    ...filesIn("src/", ".c"),
    ...filesIn("src/", ".h"),
    ...filesIn("include/", ".h"),
    new URL("exports.def", here),
    new URL("onhook.rc", here),
    new URL("build.ts", here),
  ];
  return built !== undefined && inputs.every((input) => (modified(input) ?? Infinity) <= built);
}

/** Turns the names of `exports.def` into a version script for the Linux linker. */
function versionScript(): string {
  const text = Deno.readTextFileSync(new URL("exports.def", here));
  const names = text.split("\n").filter((line) => line.startsWith("    ")).map((s) => s.trim());
  return `{ global: ${names.join("; ")}; local: *; };\n`;
}

async function compile(
  recipe: Recipe,
  args: string[],
  compiler: string = recipe.compiler,
): Promise<void> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(compiler, { args, cwd: here }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw failed(
        `Cannot build ${recipe.name}: there is no ${compiler}, a C compiler is wanted; ` +
          `install it with: apt install ${recipe.package}`,
        "COMPILER_NOT_FOUND",
        error,
      );
    }
    throw error;
  }
  if (!output.success) {
    throw failed(
      `Cannot build ${recipe.name}: ${compiler} ended with ${output.code}, sources that ` +
        `compile and libc's headers (apt install libc6-dev) are wanted; it said:\n` +
        new TextDecoder().decode(output.stderr),
      "COMPILER_FAILED",
    );
  }
}

async function build(recipe: Recipe, library: URL): Promise<void> {
  Deno.mkdirSync(folder, { recursive: true });
  // Builders at the same time have a folder each, and the last rename wins.
  const workshop = Deno.makeTempDirSync({ dir: pathOf(folder), prefix: "making-" });
  try {
    const windows = recipe === recipes.windows;
    const exportsFile = windows ? pathOf(new URL("exports.def", here)) : `${workshop}/exports.map`;
    if (!windows) {
      Deno.writeTextFileSync(exportsFile, versionScript());
    }
    const sources = filesIn("src/", ".c").map((url) => url.pathname.split("/").at(-1) ?? "")
      .filter((name) => !name.startsWith(recipe.leaveOut)).map((name) => `src/${name}`);
    const output = `${workshop}/${recipe.name}`;
    // A source that is edited from here on is younger than the library, which is made again then.
    const started = Deno.statSync(workshop).mtime;
    const objects: string[] = [];
    if (recipe.resourceCompiler !== undefined) {
      objects.push(`${workshop}/onhook.rc.o`);
      await compile(recipe, ["onhook.rc", ...objects], recipe.resourceCompiler);
    }
    await compile(recipe, [
      "-std=c11",
      ...warnings,
      "-Iinclude",
      "-o",
      output,
      ...sources,
      ...objects,
      ...recipe.flags(exportsFile),
    ]);
    if (started !== null) {
      Deno.utimeSync(output, started, started);
    }
    Deno.renameSync(output, library);
  } finally {
    Deno.removeSync(workshop, { recursive: true });
  }
}

/**
 * Sees to it that the native library exists and is no older than its sources, and returns its
 * path. Several processes may do this at once. On Windows nothing is built: the library is
 * `host/native/build/onhook.dll`, made on Linux, or the copy in `host/native/prebuilt`.
 *
 * @returns The absolute path of the library.
 * @throws {NativeError} `COMPILER_NOT_FOUND`, `COMPILER_FAILED` or, on Windows,
 * `LIBRARY_NOT_FOUND`.
 */
export async function ensureLibrary(options: EnsureLibraryOptions = {}): Promise<string> {
  const target = options.target ?? (Deno.build.os === "windows" ? "windows" : "linux");
  const recipe = recipes[target];
  const library = new URL(recipe.name, folder);
  if (Deno.build.os === "windows") {
    const found = [library, prebuilt].find((url) => modified(url) !== undefined);
    if (found === undefined) {
      throw failed(
        `Cannot find onhook.dll: it is not at ${pathOf(library)}, a built library is wanted; ` +
          "run `deno task build:windows` on Linux and copy the file there",
        "LIBRARY_NOT_FOUND",
      );
    }
    return pathOf(found);
  }
  if (options.force === true || !isUpToDate(library)) {
    await build(recipe, library);
  }
  return pathOf(library);
}

/** Puts a library that has just been built where it is committed. */
async function keepPrebuilt(library: string): Promise<string> {
  const bytes = Deno.readFileSync(library);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  Deno.mkdirSync(new URL("./", prebuilt), { recursive: true });
  Deno.writeFileSync(prebuilt, bytes);
  Deno.writeTextFileSync(new URL(`${prebuilt.href}.sha256`), `${hash}  onhook.dll\n`);
  return pathOf(prebuilt);
}

async function main(args: readonly string[]): Promise<string> {
  const known = ["--windows", "--prebuilt"];
  const unknown = args.filter((arg) => !known.includes(arg));
  if (unknown.length > 0) {
    throw new InputError(
      "Cannot build the library",
      unknown.map((found, i) => ({
        source: "command line",
        place: `argument ${i + 1}`,
        found,
        wanted: `${known.join(", ")} or nothing`,
      })),
    );
  }
  const isPrebuilt = args.includes("--prebuilt");
  const target = isPrebuilt || args.includes("--windows") ? "windows" : "linux";
  const library = await ensureLibrary({ target, force: true });
  return isPrebuilt ? await keepPrebuilt(library) : library;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  try {
    const path = await main(Deno.args);
    Deno.stdout.writeSync(encoder.encode(`built ${path}\n`));
  } catch (error) {
    if (!(error instanceof InputError || error instanceof NativeError)) {
      throw error;
    }
    Deno.stderr.writeSync(encoder.encode(`${error.message}\n`));
    Deno.exit(error.exitCode);
  }
}
