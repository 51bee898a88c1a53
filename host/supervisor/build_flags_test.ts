import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DefectError } from "../internal/errors.ts";
import { buildFlags, type PluginGrant } from "./build_flags.ts";

const NOTHING = { read: [], write: [], net: [], env: [], sys: [] };

function grant(permissions: Partial<PluginGrant["permissions"]> = {}): PluginGrant {
  return {
    plugin: "audit-log",
    modules: ["/plugins/audit_log/mod.ts"],
    permissions: { ...NOTHING, ...permissions },
    memoryMb: 128,
    configPath: "/onhook/deno.json",
  };
}

/** The permission flags among the flags. */
function allowed(given: PluginGrant): string[] {
  return buildFlags(given).filter((flag) => flag.startsWith("--allow"));
}

/** The values of a flag as Deno reads them: a doubled comma is a comma of the value. */
function valuesOf(flag: string): string[] {
  const values: string[] = [];
  const text = flag.slice(flag.indexOf("=") + 1);
  let value = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "," && text[i + 1] !== ",") {
      values.push(value);
      value = "";
    } else {
      value += text[i];
      if (text[i] === ",") i++;
    }
  }
  return [...values, value];
}

Deno.test("buildFlags() refuses what is not granted, remote code and shared storage", () => {
  const flags = buildFlags(grant());
  for (const flag of ["--no-prompt", "--no-remote", "--cached-only", "--no-lock"]) {
    assert(flags.includes(flag), flag);
  }
  assert(flags.includes("--config=/onhook/deno.json"));
  assert(flags.includes("--location=https://audit-log.plugin.onhook.invalid/"));
  const engine = flags.find((flag) => flag.startsWith("--v8-flags="))!;
  assert(engine.slice("--v8-flags=".length).split(",").includes("--max-old-space-size=128"));
});

Deno.test("buildFlags() goes by a lock file that names all packages, and writes nothing to it", () => {
  const flags = buildFlags({ ...grant(), lockPath: "/onhook/deno.lock" });
  const locks = flags.filter((flag) => /lock|frozen/.test(flag));
  assertEquals(locks, ["--lock=/onhook/deno.lock", "--frozen"]);
});

Deno.test("buildFlags() gives exactly the permissions that are granted", () => {
  const own = "--allow-read=/plugins/audit_log/mod.ts";
  const table: [Partial<PluginGrant["permissions"]>, string[]][] = [
    [{}, [own]],
    [{ read: ["/data"] }, [`${own},/data`]],
    [{ write: ["/data", "/tmp/x"] }, [own, "--allow-write=/data,/tmp/x"]],
    [{ net: ["a.example:443", "[::1]:80"] }, [own, "--allow-net=a.example:443,[::1]:80"]],
    [{ env: ["TOKEN", "LANG"] }, [own, "--allow-env=TOKEN,LANG"]],
    [{ sys: ["hostname"] }, [own, "--allow-sys=hostname"]],
    [
      { read: ["/r"], write: ["/w"], net: ["n"], env: ["E"], sys: ["uid"] },
      [`${own},/r`, "--allow-write=/w", "--allow-net=n", "--allow-env=E", "--allow-sys=uid"],
    ],
    [{ read: ["/a,b", "/c,"] }, [`${own},/a,,b,/c,,`]],
  ];
  for (const [permissions, flags] of table) assertEquals(allowed(grant(permissions)), flags);
});

/** Values that somebody would try. */
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(",", "=", "-", " ", "\n", "\0", "/", "a", "*") }),
  fc.constantFrom(
    "--allow-all",
    "x,--allow-run",
    "x --allow-ffi",
    "x\n--allow-import",
    "-A",
    "*",
    "",
  ),
);
const hostileList = fc.array(hostile, { maxLength: 6 });
const hostileGrant: fc.Arbitrary<PluginGrant> = fc.record({
  plugin: hostile,
  modules: hostileList,
  permissions: fc.record({
    read: hostileList,
    write: hostileList,
    net: hostileList,
    env: hostileList,
    sys: hostileList,
    run: hostileList,
    ffi: hostileList,
    all: hostileList,
    import: hostileList,
  }),
  memoryMb: fc.integer({ min: 32, max: 4096 }),
  configPath: hostile,
  lockPath: fc.option(hostile, { nil: undefined }),
});

Deno.test("buildFlags() cannot be brought to any other permission, whatever it is given", () => {
  const names = [
    "--no-prompt",
    "--no-remote",
    "--cached-only",
    "--no-lock",
    "--lock",
    "--frozen",
    "--no-code-cache",
    "--quiet",
    "--config",
    "--location",
    "--v8-flags",
    "--allow-read",
    "--allow-write",
    "--allow-net",
    "--allow-env",
    "--allow-sys",
  ];
  fc.assert(
    fc.property(hostileGrant, (given) => {
      let flags: string[];
      try {
        flags = buildFlags(given);
      } catch (error) {
        assert(error instanceof DefectError);
        return;
      }
      const found = flags.map((flag) => flag.replace(/=[\s\S]*$/, ""));
      assertEquals(found, names.filter((name) => found.includes(name)), "known, in order, once");
      for (const flag of flags.filter((flag) => flag.startsWith("--allow"))) {
        assert(valuesOf(flag).every((value) => value !== ""), `${flag} has an empty value`);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("buildFlags() gives each value as Deno reads it back, commas included", () => {
  const value = fc.string({ unit: fc.constantFrom(",", "a", "/"), minLength: 1 })
    .filter((text) => !text.startsWith(","));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.array(value), (modules, read) => {
      const given = { ...grant({ read }), modules };
      assertEquals(valuesOf(allowed(given)[0]!), [...modules, ...read]);
    }),
  );
});

Deno.test("buildFlags() refuses values that Deno would read as others", () => {
  for (const read of [[""], [",a"], ["a", ""]]) {
    assertThrows(() => buildFlags(grant({ read })), DefectError, "Cannot go on");
  }
  assertThrows(() => buildFlags({ ...grant(), modules: [] }), DefectError, "Cannot go on");
});

Deno.test("buildFlags() gives flags that Deno takes, with the comma of a path in them", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "a,b-" }));
  try {
    const main = `${folder}/main.ts`;
    await Deno.writeTextFile(`${folder}/granted,.txt`, "granted");
    await Deno.writeTextFile(
      main,
      `console.log(Deno.readTextFileSync(${JSON.stringify(`${folder}/granted,.txt`)}));
       for (const name of ["run", "ffi", "net", "env", "sys", "write", "read"]) {
         const { state } = Deno.permissions.querySync({ name } as Deno.PermissionDescriptor);
         if (state !== "denied" && state !== "prompt") console.log(name, state);
       }`,
    );
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...buildFlags({
          ...grant({ read: [`${folder}/granted,.txt`] }),
          modules: [main],
          configPath: `${folder}/deno.json`,
        }),
        main,
      ],
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stdout)], [0, "granted\n"], decoder.decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
