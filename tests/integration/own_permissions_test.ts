/** The host's own permissions, as `deno.json` lists them: each one is needed, and none is bare. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { hostFlags, ROOT } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";

const MISSED_AFTER_MS = 30_000;

/** What goes wrong without a permission. */
const NEEDED: Readonly<Record<string, RegExp>> = {
  ffi: /Cannot load the library .* start Deno with --allow-ffi/,
  env: /The plugin's process ended: Requires env access to \\?"(PATH|SYSTEMROOT)/,
  read: /Cannot read the registry: .*\n.*wanted --allow-read/,
  write: /Cannot open the store: .*Requires write access/,
  run: /Requires run access to/,
};

/** What a host says that is started with these flags, until it says what it misses. */
async function saidWith(flags: readonly string[], missed: RegExp): Promise<string> {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([{
    id: "granted",
    file: "attempt",
    permissions: { env: ["PATH"] },
    config: { what: "env", target: "PATH" },
  }]);
  const places = [
    `--journal=${world.journal}`,
    `--state=${world.folder}`,
    `--registry=${world.registry}`,
  ];
  await using host = new Deno.Command(Deno.execPath(), {
    args: [...flags, ...places],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => host.kill("SIGKILL"), MISSED_AFTER_MS);
  let text = "";
  for await (const part of host.stderr.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (missed.test(text)) break;
  }
  clearTimeout(timer);
  return text;
}

const granted = hostFlags().filter((flag) => flag.startsWith("--allow-"));

Deno.test("the host's task grants what this test knows the need of, and nothing else", () => {
  const kinds = granted.map((flag) => /^--allow-([a-z]+)/.exec(flag)![1]!);
  assertEquals(kinds.toSorted(), Object.keys(NEEDED).toSorted());
  assert(hostFlags().includes("--no-prompt"));
});

for (const [kind, missed] of Object.entries(NEEDED)) {
  Deno.test(`the host cannot do its work without --allow-${kind}`, async () => {
    const flags = hostFlags().filter((flag) => !flag.startsWith(`--allow-${kind}`));
    const text = await saidWith(flags, missed);
    assert(missed.test(text), text);
  });
}

Deno.test("no task that runs the host or a command has all permissions, or may run all programs", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const ours = Object.entries(tasks as Record<string, string>)
    .filter(([, line]) => line.includes(" host/"));
  assert(ours.length > 12, `only ${ours.map(([name]) => name)}`);
  for (const [name, line] of ours) {
    if (line.startsWith("deno test")) continue;
    assert(!/--allow-all|\s-A\b|--allow-run(?!=)|--allow-net(?!=)/.test(line), `${name}: ${line}`);
    assert(line.includes("--no-prompt"), name);
  }
});
