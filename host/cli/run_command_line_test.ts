import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { CliIo } from "./cli_io.ts";
import { runCommandLine } from "./run_command_line.ts";
import { testInColours } from "../../tests/support/test_in_colours.ts";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], io: Partial<CliIo> = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    env: {},
    os: "linux",
    workingFolder: "/nowhere",
    widthColumns: 100,
    outColors: false,
    errColors: false,
    ...io,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

async function withRegistry(
  plugins: string,
  test: (io: { workingFolder: string }, path: string) => Promise<void>,
): Promise<void> {
  const workingFolder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const path = join(workingFolder, "registry.json");
    await Deno.mkdir(join(workingFolder, "my_plugin"));
    await Deno.writeTextFile(join(workingFolder, "my_plugin", "mod.ts"), "export default {};\n");
    await Deno.writeTextFile(path, `{\n  "plugins": [${plugins}]\n}\n`);
    await test({ workingFolder }, path);
  } finally {
    await Deno.remove(workingFolder, { recursive: true });
  }
}

const TWO = `
    // The first one.
    { "id": "one", "path": "./my_plugin/mod.ts" },
    {
      "id": "two", "path": "./gone.ts", "timeoutMs": 1500,
      "permissions": { "net": ["a.example:1"], "read": ["./d"] }
    }
  `;
const REGISTRY = "--registry=registry.json";

Deno.test("runCommandLine() names every mistake with what was meant when a command line is wrong", async () => {
  const table: [string, ...string[]][] = [
    ["", "the command: found nothing, wanted one of host, demo, simulate, plugin, dead"],
    ["hots", 'found "hots", wanted one of host, demo', "history, replay, ", "; did you mean host?"],
    ["hisotry", "did you mean history?"],
    ["dead", 'the command after "dead": found nothing, wanted one of list, show, redrive, drop'],
    ["dead rediver", "did you mean redrive?"],
    ["dead show", "EVENT: found nothing, wanted a value for EVENT"],
    ["dead list --plugni=a", "did you mean --plugin?"],
    ["explain", "EVENT: found nothing, wanted a value for EVENT"],
    ["history --json --csv --journal=j", "--csv: found --json too, wanted one of them"],
    ["dead list", "ONHOOK_JOURNAL, XDG_STATE_HOME, HOME: found nothing, wanted one of them"],
    ["replay --from=soon --plugin=a", '--from: found "soon", wanted a time'],
    ["plugin", 'the command after "plugin": found nothing, wanted one of list, add'],
    ["plugin lst", "did you mean list?"],
    ["plugin disbale x", "did you mean disable?"],
    [
      "host --jounral=x --stop-limit --foo bar",
      "3 problems",
      "--jounral: found no such option, wanted an option of this command; did you mean --journal?",
      "--stop-limit: found no such option, wanted an option of this command; did you mean --stop-limit-ms?",
      "--foo: found no such option, wanted an option of this command\n",
    ],
    ["host --journal", "--journal: found no value, wanted --journal=VALUE"],
    ["host --journal=a --journal=b", "--journal: found it once more, wanted it once"],
    ["host here", 'arguments: found "here", wanted nothing more'],
    ["plugin list --json=yes", '--json: found "yes", wanted no value'],
    ["plugin list --jsno", "wanted one of --json, --registry; did you mean --json?"],
    ["plugin add", "MODULE: found nothing, wanted a value for MODULE"],
    ["plugin remove", "ID: found nothing, wanted a value for ID"],
    ["plugin remove a b", 'arguments: found "b", wanted nothing more'],
    ["plugin move a", "the place: found nothing, wanted one of --first"],
    ["plugin move a --first --after=b", "the place: found 2 of --first"],
    ["plugin move a --position=x", 'the place: found --position="x", wanted a whole number'],
    ["plugin add m --config=7", '--config: found "7", wanted a JSON object'],
    ["demo --events=0 --seed=x", "2 problems", "--events: found 0, wanted a whole number from 1"],
    [
      "simulate --count=1e9 --rate=-1 --links=17",
      "3 problems",
      '--count: found "1e9", wanted a whole number from 1 to 1000000000',
      '--rate: found "-1", wanted a number from 0 to 10000000',
      "--links: found 17, wanted a whole number from 1 to 16",
    ],
    ["simulate --links=3 --ports=2", "--links: found 3, wanted at most as many links as ports"],
    ["simulate", "ONHOOK_JOURNAL, XDG_STATE_HOME, HOME: found nothing, wanted one of them"],
    [
      "host --journal=j --journal-bytes=5 --registry=windows --config=none.jsonc",
      "3 problems",
      "none.jsonc: the file: found no such file",
      "--journal-bytes: found 5, wanted a whole number of bytes from 65536 to 1073741824",
      'command line: --registry: found "windows", wanted --registry=PATH of a registry file',
    ],
    ["plugin list --registry=windows", "this system has no Windows registry"],
  ];
  for (const [line, ...wanted] of table) {
    const { code, out, err } = await run(line.split(" ").filter((word) => word !== ""));
    assertEquals([code, out], [2, ""], line);
    for (const text of wanted) assertStringIncludes(`${err}\n`, text, line);
  }
});

Deno.test("runCommandLine() asks for a registry file when another system has no Windows registry", async () => {
  const { code, err } = await run(["plugin", "list", "--registry=windows"], { os: "linux" });
  assertEquals(code, 2);
  assertStringIncludes(err, '--registry: found "windows", wanted --registry=PATH');
});

Deno.test("runCommandLine() gives every command a help page that fits the width", async () => {
  const commands = [
    ...["", "host", "demo", "simulate", "plugin"],
    ...["dead", "dead list", "dead show", "dead redrive", "dead drop"],
    ...["explain", "history", "replay", "doctor", "stop", "install", "uninstall"],
  ].concat(
    ["list", "add", "remove", "move", "enable", "disable"].map((name) => `plugin ${name}`),
  );
  for (const command of commands) {
    for (const widthColumns of [80, 100]) {
      const words = command.split(" ").filter((word) => word !== "");
      const { code, out, err } = await run([...words, "--help"], { widthColumns });
      assertEquals([code, err], [0, ""], command);
      assertStringIncludes(out, `Usage: deno task ${command === "" ? "COMMAND" : command}`);
      for (const line of out.split("\n")) {
        assert(line.length <= widthColumns, `${command}: ${line}`);
        assertEquals(line, line.trimEnd(), command);
      }
    }
  }
});

Deno.test("runCommandLine() shows order, state and permissions when plugins are listed", async () => {
  await withRegistry(TWO, async (io, path) => {
    const { code, out } = await run(["plugin", "list", REGISTRY], io);
    assertEquals(code, 0);
    assertEquals(
      out,
      `${path}: 2 plugins, called in this order

   id   state                  time limit  memory   module
1  one  enabled                5 s         128 MiB  ./my_plugin/mod.ts
   may do nothing but compute and write to the log
2  two  enabled, file missing  1500 ms     128 MiB  ./gone.ts
   may read ./d
       connect to a.example:1`,
    );
  });
});

testInColours(
  "runCommandLine() paints the list when it takes colours",
  import.meta.url,
  async () => {
    await withRegistry(TWO, async (io) => {
      const { out } = await run(["plugin", "list", REGISTRY], { ...io, outColors: true });
      assertStringIncludes(out, "\x1b[32menabled");
      assertStringIncludes(out, "\x1b[31menabled, file missing");
    });
  },
);

Deno.test("runCommandLine() prints one JSON document when it is asked for JSON", async () => {
  await withRegistry(TWO, async (io, path) => {
    const { out } = await run(["plugin", "list", "--json", REGISTRY], io);
    const { registry, plugins } = JSON.parse(out);
    assertEquals(registry, path);
    assertEquals(
      plugins.map((p: Record<string, unknown>) => [p.order, p.id, p.enabled, p.moduleExists]),
      [[1, "one", true, true], [2, "two", true, false]],
    );
    assertEquals(plugins[1].permissions.read, [join(io.workingFolder, "d")]);
  });
});

Deno.test("runCommandLine() says so when there is no plugin", async () => {
  await withRegistry("", async (io, path) => {
    assertEquals((await run(["plugin", "list", REGISTRY], io)).out, `${path}: 0 plugins`);
  });
});

Deno.test("runCommandLine() changes the registry and says what changed and what to do next", async () => {
  await withRegistry(TWO, async (io, path) => {
    const next = "\nA host that runs takes this up by itself, from the next event on";
    const steps: [string, string][] = [
      [
        "plugin add my_plugin/mod.ts --write=out --net=h:1 --net=[::1] --timeout-ms=20 --before=two",
        `Added my-plugin at place 2 of 3 in ${path}\nIt may write ./out; connect to h:1, [::1]${next}`,
      ],
      ["plugin move my-plugin --first", `Moved my-plugin to place 1 of 3 in ${path}${next}`],
      [
        "plugin move my-plugin --position=1",
        `my-plugin is at place 1 of 3 already; ${path} is as it was`,
      ],
      ["plugin disable two", `Disabled two in ${path}${next}`],
      ["plugin disable two", `two is disabled already; ${path} is as it was`],
      ["plugin enable two", `Enabled two in ${path}${next}`],
      ["plugin enable one", `one is enabled already; ${path} is as it was`],
      ["plugin remove one", `Removed one in ${path}${next}`],
    ];
    for (const [line, wanted] of steps) {
      const { code, out, err } = await run([...line.split(" "), REGISTRY], io);
      assertEquals([code, out, err], [0, wanted, ""], line);
    }
    assertEquals(
      await Deno.readTextFile(path),
      `{
  "plugins": [
    {
      "id": "my-plugin",
      "path": "./my_plugin/mod.ts",
      "permissions": {
        "write": [
          "./out"
        ],
        "net": [
          "h:1",
          "[::1]"
        ]
      },
      "timeoutMs": 20
    },
    // The first one.
    {
      "id": "two", "path": "./gone.ts", "timeoutMs": 1500,
      "permissions": { "net": ["a.example:1"], "read": ["./d"] },
      "enabled": true
    }
  ]
}
`,
    );
  });
});

Deno.test("runCommandLine() leaves the registry as it was when a change is refused", async () => {
  await withRegistry(TWO, async (io, path) => {
    const before = await Deno.readTextFile(path);
    const table: [string, string][] = [
      ["plugin remove tow", 'plugins: found no plugin "tow", wanted "two"'],
      ["plugin add my_plugin/mod.ts --id=one", 'found "one", which plugins[0] has already'],
      ["plugin add my_plugin/mod.ts --timeout-ms=soon", 'found "soon", wanted a whole number of'],
      ["plugin add my_plugin/none.ts", "found no file"],
      ["plugin add my_plugin/mod.ts --net=* --env=A=B --sys=all --write=.", "4 problems"],
      ["plugin add my_plugin/mod.ts --id=A", 'found "A", wanted 1 to 64 characters'],
    ];
    for (const [line, wanted] of table) {
      const { code, out, err } = await run([...line.split(" "), REGISTRY], io);
      assertEquals([code, out], [2, ""], line);
      assertStringIncludes(err, wanted, line);
      assertEquals(await Deno.readTextFile(path), before);
    }
  });
});
