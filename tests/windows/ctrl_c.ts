// deno-lint-ignore-file no-console
/**
 * Ctrl+C and Ctrl+Break in a Windows console. No test of `deno test`, which they end: whoever is in the
 * console hears them. `deno task test:windows` runs it behind the tests; alone it is
 *
 *     deno run --allow-all tests/windows/main.ts console run --allow-all tests/windows/ctrl_c.ts
 *
 * @module
 */
import { playCtrlC } from "../support/play_ctrl_c.ts";

try {
  await playCtrlC();
  console.log("Ctrl+C lets the plugins finish and run onStop\nok | 1 passed | 0 failed");
} catch (error) {
  console.error(error);
  console.log("FAILED | 0 passed | 1 failed");
  Deno.exit(1);
}
