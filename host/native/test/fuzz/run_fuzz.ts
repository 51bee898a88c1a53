const encoder = new TextEncoder();
const decoder = new TextDecoder();
const native = new URL("../../", import.meta.url);
const corpora = new URL("./corpus/", import.meta.url);
const crashes = new URL("build/fuzz-crashes/", native);

const targets = [
  // The share of the time: a journal's input is slow, and there is more to find.
  { name: "entry", share: 0.25, bytesMax: 4200 },
  { name: "journal", share: 0.75, bytesMax: 1024 },
] as const;

type Target = typeof targets[number];

const flags = [
  "-std=c11 -g -O1 -Wall -Wextra -Werror -Wconversion -Wshadow -pthread -Iinclude -Isrc",
  "-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all",
].join(" ").split(" ");

const install = "apt-get install -y --no-install-recommends clang libclang-rt-14-dev";

/** How to fuzz. */
export interface FuzzOptions {
  /** A folder for what is built. */
  readonly folder: string;
  /** The library's sources, as paths from `host/native`. */
  readonly sources: readonly string[];
  /** Seconds for all targets together, at least 4. */
  readonly seconds: number;
  /** Keep the inputs that reach new code in the corpus of the repository. */
  readonly merge: boolean;
}

interface Output {
  readonly success: boolean;
  readonly text: string;
}

/**
 * Builds the fuzzing targets with clang and runs them for a while, each from its corpus. Prints
 * what it did. Inputs that crash are kept in `host/native/build/fuzz-crashes`.
 *
 * @returns Whether nothing was found; also when there is no clang.
 */
export async function runFuzz(options: FuzzOptions): Promise<boolean> {
  if (!await hasFuzzer(options.folder)) {
    print(`ok 1 - fuzz # SKIP there is no clang with libFuzzer; ${install}`);
    return true;
  }
  Deno.mkdirSync(crashes, { recursive: true });
  let failed = 0;
  for (const [i, target] of targets.entries()) {
    const found = await fuzz(target, options);
    failed += found === undefined ? 0 : 1;
    print(`${found === undefined ? "ok" : "not ok"} ${i + 1} - fuzz: ${target.name}`);
    if (found !== undefined) print(found);
  }
  print(`fuzz: ${targets.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

/** Fuzzes one target; gives what was found. */
async function fuzz(target: Target, options: FuzzOptions): Promise<string | undefined> {
  const program = `${options.folder}/${target.name}_fuzz`;
  const source = `test/fuzz/${target.name}_fuzz.c`;
  const built = await run("clang", [...flags, source, ...options.sources, "-o", program]);
  if (!built.success) {
    return `Cannot compile ${source}:\n${built.text}`;
  }
  const corpus = `${options.folder}/${target.name}-corpus`;
  const kept = unpack(target, corpus);
  const output = await run(program, [
    corpus,
    `-max_total_time=${Math.max(1, Math.round(options.seconds * target.share))}`,
    `-max_len=${target.bytesMax}`,
    "-timeout=10",
    "-rss_limit_mb=1024",
    `-artifact_prefix=${crashes.pathname}${target.name}-`,
  ]);
  if (!output.success) {
    // The end has the report and the path of the input.
    return output.text.split("\n").slice(-60).join("\n");
  }
  const runs = output.text.match(/^Done (\d+) runs in (\d+) second/m);
  const reached = output.text.match(/cov: (\d+) ft: (\d+)(?![^]*cov: )/);
  print(
    `# ${target.name}: ${runs?.[1]} inputs in ${runs?.[2]} s from ${kept} of the corpus, ` +
      `${reached?.[1]} edges, ${reached?.[2]} features`,
  );
  if (options.merge) {
    await keep(target, program, corpus);
  }
  return undefined;
}

/** Writes the corpus, one input a line in hexadecimal, as files into a new folder. */
function unpack(target: Target, folder: string): number {
  Deno.mkdirSync(folder);
  let text = "";
  try {
    text = Deno.readTextFileSync(new URL(`${target.name}.hex`, corpora));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const lines = text.split("\n").filter((line) => line !== "");
  for (const [i, line] of lines.entries()) {
    Deno.writeFileSync(`${folder}/${i}`, Uint8Array.fromHex(line));
  }
  return lines.length;
}

/** Writes the smallest set of inputs that reaches the same code, shortest first. */
async function keep(target: Target, program: string, corpus: string): Promise<void> {
  const merged = `${corpus}-merged`;
  Deno.mkdirSync(merged);
  await run(program, ["-merge=1", `-max_len=${target.bytesMax}`, merged, corpus]);
  const lines = [...Deno.readDirSync(merged)]
    .map(({ name }) => Deno.readFileSync(`${merged}/${name}`).toHex())
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  Deno.mkdirSync(corpora, { recursive: true });
  Deno.writeTextFileSync(new URL(`${target.name}.hex`, corpora), lines.join("\n") + "\n");
  print(`# ${target.name}: ${lines.length} inputs kept`);
}

/** Whether clang is there with libFuzzer, which is a package of its own. */
async function hasFuzzer(folder: string): Promise<boolean> {
  const source = `${folder}/probe.c`;
  Deno.writeTextFileSync(
    source,
    "int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d[n] * 0; }\n",
  );
  try {
    const probe = ["-fsanitize=fuzzer,address,undefined", source, "-o", `${folder}/probe`];
    return (await run("clang", probe)).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(program: string, args: readonly string[]): Promise<Output> {
  const command = new Deno.Command(program, { args: [...args], cwd: native });
  const output = await command.output();
  const text = decoder.decode(output.stdout) + decoder.decode(output.stderr);
  return { success: output.success, text };
}

function print(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text + "\n"));
}
