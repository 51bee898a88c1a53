// deno-lint-ignore-file no-console
/**
 * `deno task test:windows`: runs the tests with Deno for Windows; on Windows with the Deno that
 * runs this, elsewhere under Wine (see `WineMachine`), which it sets up when it is not there.
 *
 *     deno task test:windows                          # all tests
 *     deno task test:windows host/ffi --filter=open   # as `deno test`
 *     deno task test:windows --machines=2             # on so many Wine machines at once
 *     deno task windows eval 'console.log(Deno.build.os)'
 *     deno run --allow-all tests/windows/main.ts console run … # as the last, with a console
 *
 * @module
 */
import { ensureLibrary } from "../../host/native/build.ts";
import { dealTests, tallyOf, testFiles } from "./deal_tests.ts";
import { makeForeignDlls } from "./foreign_dlls.ts";
import { runWords, type Stdout } from "./run_words.ts";
import { WineMachine } from "./wine_machine.ts";

const FOLDERS = ["host", "plugins", "examples", "tests"];

/** What is no test of `deno test`, because it would end that. */
const CTRL_C = "tests/windows/ctrl_c.ts";

/** How an ignored test reads; `testWhere` writes the reason into its name. */
const IGNORED = /^.*?(?:\[skipped: (.*)\])? \.\.\. ignored/gm;

const MACHINES = /^--machines=([1-9])$/;

/** Sets up what Deno for Windows is run with; nothing on Windows itself. */
async function prepare(): Promise<WineMachine | undefined> {
  if (Deno.build.os === "windows") return undefined;
  const machine = await WineMachine.ready();
  await ensureLibrary({ target: "windows" });
  await makeForeignDlls();
  return machine;
}

/** Runs Deno for Windows. @returns Its exit code, and what it wrote when that was kept. */
async function runDeno(
  args: readonly string[],
  stdout: Stdout = "shown",
  hasConsole = false,
): Promise<[number, string]> {
  const machine = await prepare();
  return await (machine?.runDeno(args, stdout, hasConsole) ??
    runWords([Deno.execPath(), ...args], stdout));
}

/** The types are the same on all systems, and checked by `deno task ok`. */
const TEST = ["test", "--allow-all", "--no-check", "--no-prompt"];

async function runTests(args: readonly string[]): Promise<number> {
  const machines = args.map((arg) => MACHINES.exec(arg)?.[1]).find((count) => count !== undefined);
  const rest = args.filter((arg) => !MACHINES.test(arg));
  const isNamed = rest.some((arg) => !arg.startsWith("-"));
  const words = isNamed ? rest : [...rest, ...FOLDERS];
  const runs = machines === undefined
    ? [await runDeno([...TEST, ...words], "both")]
    : await runDealt(Number(machines), words);
  // On Windows it would end those in the terminal that run this.
  if (rest.length === 0 && Deno.build.os !== "windows") {
    runs.push(await runDeno(["run", "--allow-all", "--no-check", CTRL_C], "both", true));
  }
  const all = runs.map(([, said]) => said).join("\n");
  const reasons = Map.groupBy(all.matchAll(IGNORED), ([, why]) => why ?? "no reason is given");
  for (const [why, tests] of reasons) console.log(`${tests.length} skipped: ${why}`);
  const { passed, failed, runs: told } = tallyOf(all);
  // A run that does not say how its tests went has broken down.
  const lost = Math.max(runs.length - told, 0);
  console.log(`${passed} passed, ${failed + lost} failed`);
  return Math.max(...runs.map(([code]) => code), Math.sign(lost));
}

/** Runs tests on several Wine machines at once; what a group of them wrote is shown at its end. */
async function runDealt(
  count: number,
  words: readonly string[],
): Promise<[code: number, said: string][]> {
  const wine = await prepare();
  if (wine === undefined) {
    throw new RangeError(
      "Cannot run tests on several machines: this is Windows itself, wanted no --machines",
    );
  }
  const options = words.filter((word) => word.startsWith("-"));
  const groups = dealTests(testFiles(words.filter((word) => !word.startsWith("-"))), count);
  const runs: [code: number, said: string][] = [];
  const machine = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      console.log(`beginning ${group.join(" ")}`);
      const run = await wine.runDeno([...TEST, ...options, ...group], "kept", false);
      console.log(run[1]);
      runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: count }, machine));
  if (runs.length === 0) throw new RangeError("Cannot run tests: there are none in these places");
  return runs;
}

if (import.meta.main) {
  const [what, ...args] = Deno.args;
  try {
    if (what === "test") Deno.exit(await runTests(args));
    const [code] = what === "console"
      ? await runDeno(args, "shown", true)
      : await runDeno(Deno.args);
    Deno.exit(code);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
