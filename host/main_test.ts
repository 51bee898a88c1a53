import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const MAIN = fromFileUrl(new URL("main.ts", import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function onhook(
  args: readonly string[],
  permissions: readonly string[] = [],
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--cached-only", ...permissions, MAIN, ...args],
    clearEnv: true,
    env: { DENO_DIR: Deno.env.get("DENO_DIR") ?? "", HOME: Deno.env.get("HOME") ?? "" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SIX_PROBLEMS = `{
  "plugins": [
    { "id": "Audit", "path": "./a.ts" },
    { "id": "b", "path": "./a.ts", "timeoutMs": 5 },
    { "id": "b", "path": "./a.ts", "permissions": { "run": ["ls"] } },
    { "id": "c", "path": "./a.ts", "onFailure": "again", "memory": 1 }
  ]
}
`;

Deno.test("main.ts ends with 2 and suggests the right word when one is mistyped", async () => {
  const command = await onhook(["plugin", "lits"]);
  assertEquals([command.code, command.out], [2, ""]);
  assertStringIncludes(command.err, 'found "lits"');
  assertStringIncludes(command.err, "did you mean list?");
  const option = await onhook(["host", "--jounral=x"]);
  assertEquals([option.code, option.out], [2, ""]);
  assertStringIncludes(option.err, "did you mean --journal?");
});

Deno.test("main.ts shows help without any permission when it is asked for", async () => {
  const { code, out, err } = await onhook(["host", "--help"]);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "Usage: deno task host [OPTIONS]");
  assertStringIncludes(out, "--journal-bytes BYTES");
});

Deno.test("main.ts host tells all problems of the registry at once and starts nothing", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "registry.json");
    await Deno.writeTextFile(join(folder, "a.ts"), "");
    await Deno.writeTextFile(path, SIX_PROBLEMS);
    const { code, out, err } = await onhook(
      ["host", `--registry=${path}`, `--journal=${join(folder, "state", "hangup.journal")}`],
      ["--allow-all"],
    );
    assertEquals([code, out], [2, ""]);
    const [head, ...problems] = err.trimEnd().replaceAll(`${path}: `, "").split("\n");
    assertEquals(head, "Cannot read the registry: 6 problems");
    assertEquals(problems, [
      '  plugins[0].id (3:13): found "Audit", wanted 1 to 64 characters out of small letters, ' +
      'digits and hyphens, such as "audit-log"',
      "  plugins[1].timeoutMs (4:49): found 5, wanted a whole number of milliseconds from 10 to 600000",
      '  plugins[2].id (5:13): found "b" once more, wanted an id of its own; plugins[1] has this one',
      '  plugins[2].permissions.run (5:53): found the key "run", wanted no such key: a program ' +
      "that a plugin starts would be outside its permissions",
      '  plugins[3].onFailure (6:49): found "again", wanted "skip", "retry" or "hold"',
      '  plugins[3].memory (6:58): found the key "memory", wanted "memoryMb"',
    ]);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).toSorted(), [
      "a.ts",
      "registry.json",
    ]);
  });
});

Deno.test("main.ts plugin changes a registry with the permissions for its folder alone", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "registry.json");
    await Deno.writeTextFile(join(folder, "a.ts"), "");
    await Deno.writeTextFile(path, '{ "plugins": [] } // mine\n');
    const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const args = ["plugin", "add", join(folder, "a.ts"), "--sys=hostname", `--registry=${path}`];
    const { code, err } = await onhook(args, permissions);
    assertEquals([code, err], [0, ""]);
    assertEquals(
      await Deno.readTextFile(path),
      `{ "plugins": [
  {
    "id": "a",
    "path": "./a.ts",
    "permissions": {
      "sys": [
        "hostname"
      ]
    }
  }
] } // mine
`,
    );
    const again = await onhook(args, permissions);
    assertEquals([again.code, again.out], [2, ""]);
    assertStringIncludes(again.err, "wanted an id of its own");
  });
});

Deno.test("main.ts simulate tells the seed and where the events are when it has ended", async () => {
  await withFolder(async (folder) => {
    const journal = join(folder, "new", "hangup.journal");
    const args = ["simulate", "--count=3", "--seed=7", `--journal=${journal}`];
    const { code, out, err } = await onhook(args, ["--allow-all"]);
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "Simulated 3 link hangups in");
    assertStringIncludes(out, `seed 7\njournal: ${journal}\n`);
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const lost = await onhook([...args.slice(0, 3), `--journal=${join(file, "x")}`], [
      "--allow-all",
    ]);
    assertEquals(lost.code, 3);
    assertMatch(lost.err, /^Cannot (?:use|find) the journal/);
  });
});

Deno.test("main.ts ends with 3 and a remedy when there is no such library", async () => {
  await withFolder(async (folder) => {
    const journal = join(folder, "hangup.journal");
    const library = join(folder, "none.so");
    const { code, out, err } = await onhook(
      ["simulate", "--count=1", `--journal=${journal}`, `--library=${library}`],
      ["--allow-all"],
    );
    assertEquals([code, out], [3, ""]);
    assertStringIncludes(err, library);
  });
});
