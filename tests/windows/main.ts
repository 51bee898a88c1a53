// deno-lint-ignore-file no-console
/**
 * `deno task test:windows`: runs the tests with Deno for Windows; on Windows with the Deno that
 * runs this, elsewhere under Wine (see `WineMachine`), which it sets up when it is not there.
 *
 *     deno task test:windows                          # all tests
 *     deno task test:windows host/ffi --filter=open   # as `deno test`
 *     deno task windows eval 'console.log(Deno.build.os)'
 *
 * @module
 */
import { ensureLibrary } from "../../host/native/build.ts";
import { makeForeignDlls } from "./foreign_dlls.ts";
import { WineMachine } from "./wine_machine.ts";

const FOLDERS = ["host", "plugins", "examples", "tests"];

async function runDeno(args: readonly string[]): Promise<number> {
  if (Deno.build.os !== "windows") {
    const machine = await WineMachine.ready();
    await ensureLibrary({ target: "windows" });
    await makeForeignDlls();
    return await machine.runDeno(args);
  }
  const child = new Deno.Command(Deno.execPath(), { args: [...args], stdin: "inherit" });
  return (await child.spawn().status).code;
}

/** The types are the same on all systems, and checked by `deno task ok`. */
function testWords(args: readonly string[]): string[] {
  const named = args.filter((arg) => !arg.startsWith("-"));
  const folders = named.length === 0 ? FOLDERS : [];
  return ["test", "--allow-all", "--no-check", "--no-prompt", ...args, ...folders];
}

if (import.meta.main) {
  const [what, ...args] = Deno.args;
  try {
    Deno.exit(await runDeno(what === "test" ? testWords(args) : Deno.args));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
