// deno-lint-ignore-file no-console
/**
 * `deno task ok`: everything that has to hold before a change is taken, the same here and in CI.
 * Ends with the line `N passed, N failed`, where each step and each test of a step counts.
 * `--no-tests` leaves out what `deno task test` runs.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const CODE = ["mod.ts", "host", "plugins", "examples", "tests"];

interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

/** Files with examples in their doc comments or in Markdown, which run as tests. */
const DOCUMENTED = ["mod.ts", "host/runner/define_plugin.ts", "README.md", "plugins/README.md"];

const STEPS: readonly Step[] = [
  { name: "format", args: ["fmt", "--check", "--quiet"] },
  { name: "lint", args: ["lint", "--quiet", ...CODE] },
  { name: "types", args: ["check", "--quiet", ...CODE] },
  { name: "documentation of mod.ts", args: ["doc", "--lint", "--quiet", "mod.ts"] },
  { name: "tests", args: ["test", "--allow-all", "--shuffle", "--quiet", ...CODE.slice(1)] },
  {
    name: "examples in documentation",
    args: ["test", "--doc", "--allow-all", "--quiet", ...DOCUMENTED],
  },
  { name: "native tests", args: ["run", "--allow-all", "host/native/test/run.ts", "--quick"] },
];

/** Numbers in the last line of a kind that test runners end with. */
const CLOSING_LINE = /(\d+) passed[^\n\d]*(?:\(\d+ steps\))?[^\n\d]*(\d+) failed/g;

// deno-lint-ignore no-control-regex
const COLOURS = /\u001b\[[0-9;]*m/g;

/** What one step came to. */
interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

async function run({ name, args }: Step): Promise<Outcome> {
  const startedMs = performance.now();
  console.log(`\n── ${name}: deno ${args.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [said, errors, { success }] = await Promise.all([
    passOn(child.stdout, Deno.stdout),
    passOn(child.stderr, Deno.stderr),
    child.status,
  ]);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`── ${name}: ${success ? "ok" : "FAILED"} (${seconds} s)`);
  let passed = 0;
  let failed = 0;
  for (const [, good, bad] of (said + errors).replace(COLOURS, "").matchAll(CLOSING_LINE)) {
    passed += Number(good);
    failed += Number(bad);
  }
  if (passed + failed === 0) return success ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  // A step can fail without a test that failed, as when a file cannot be loaded.
  return { passed, failed: success ? failed : Math.max(failed, 1) };
}

async function passOn(
  stream: ReadableStream<Uint8Array>,
  to: { writeSync(bytes: Uint8Array): number },
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    for (let offset = 0; offset < chunk.byteLength;) offset += to.writeSync(chunk.subarray(offset));
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** The checkout has to be as clean after the tests as before. */
async function gitStatus(): Promise<string> {
  const { stdout } = await new Deno.Command("git", {
    args: ["status", "--porcelain"],
    cwd: ROOT,
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

// For a CI that has run them by the README's command already.
const isWithoutTests = Deno.args.includes("--no-tests");
const steps = STEPS.filter(({ name }) => !(isWithoutTests && name === "tests"));

const before = await gitStatus();
let passed = 0;
let failed = 0;
const broken: string[] = [];
for (const step of steps) {
  const outcome = await run(step);
  passed += outcome.passed;
  failed += outcome.failed;
  if (outcome.failed > 0) broken.push(step.name);
}
if (await gitStatus() === before) passed++;
else {
  failed++;
  broken.push("the checkout is unchanged");
}
if (broken.length > 0) console.log(`\nFailed: ${broken.join(", ")}`);
console.log(`\n${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
