// deno-lint-ignore-file no-console
/**
 * `deno task test:windows`: runs the tests with Deno for Windows; on Windows with the Deno that
 * runs this, elsewhere under Wine (see `WineMachine`), which it sets up when it is not there.
 *
 *     deno task test:windows                          # all tests
 *     deno task test:windows host/ffi --filter=open   # as `deno test`
 *     deno task windows eval 'console.log(Deno.build.os)'
 *     deno run --allow-all tests/windows/main.ts console run … # as the last, with a console
 *     deno run --allow-all tests/windows/main.ts setup # nothing but Wine, when it is not there
 *
 * @module
 */
import { ensureLibrary } from "../../host/native/build.ts";
import { makeForeignDlls } from "./foreign_dlls.ts";
import { runWords } from "./run_words.ts";
import { WineMachine } from "./wine_machine.ts";

const FOLDERS = ["host", "plugins", "examples", "tests"];

/** What is no test of `deno test`, because it would end that. */
const CTRL_C = "tests/windows/ctrl_c.ts";

/** How an ignored test reads; `testWhere` writes the reason into its name. */
const IGNORED = /^.*?(?:\[skipped: (.*)\])? \.\.\. ignored/gm;

/** Runs Deno for Windows. @returns Its exit code, and what it wrote when `keeps`. */
async function runDeno(
  args: readonly string[],
  { keeps = false, hasConsole = false } = {},
): Promise<[number, string]> {
  if (Deno.build.os !== "windows") {
    const machine = await WineMachine.ready();
    await ensureLibrary({ target: "windows" });
    await makeForeignDlls();
    return await machine.runDeno(args, keeps, hasConsole);
  }
  return await runWords([Deno.execPath(), ...args], keeps);
}

/** The types are the same on all systems, and checked by `deno task ok`. */
async function runTests(args: readonly string[]): Promise<number> {
  const named = args.filter((arg) => !arg.startsWith("-"));
  const folders = named.length === 0 ? FOLDERS : [];
  const words = ["test", "--allow-all", "--no-check", "--no-prompt", ...args, ...folders];
  const [code, said] = await runDeno(words, { keeps: true });
  const reasons = Map.groupBy(said.matchAll(IGNORED), ([, why]) => why ?? "no reason is given");
  for (const [why, tests] of reasons) console.log(`${tests.length} skipped: ${why}`);
  // On Windows it would end those in the terminal that run this.
  if (args.length > 0 || code !== 0 || Deno.build.os === "windows") return code;
  return (await runDeno(["run", "--allow-all", "--no-check", CTRL_C], { hasConsole: true }))[0];
}

if (import.meta.main) {
  const [what, ...args] = Deno.args;
  try {
    if (what === "setup") {
      await WineMachine.ready();
      Deno.exit(0);
    }
    if (what === "test") Deno.exit(await runTests(args));
    const [code] = what === "console"
      ? await runDeno(args, { hasConsole: true })
      : await runDeno(Deno.args);
    Deno.exit(code);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
