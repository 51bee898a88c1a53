/**
 * One named test for each thing that a plugin without any grant may try. Each attempt runs in a
 * plugin process of the real host.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { TestWorld } from "../support/test_world.ts";
import { IS_WINE } from "../support/is_wine.ts";
import { testWhere } from "../support/test_where.ts";

const SECRET = "what only the host may see";

interface Try {
  readonly what: string;
  readonly target: string;
  readonly permissions?: Record<string, string[]>;
}

/** Runs one attempt and gives back why it was refused. */
async function refusal(make: (world: TestWorld) => Try | Promise<Try>): Promise<string> {
  await using world = await TestWorld.make([]);
  await Deno.writeTextFile(join(world.folder, "secret.txt"), SECRET);
  const { what, target, permissions = {} } = await make(world);
  await world.writeRegistry([{
    id: "stranger",
    file: "attempt",
    permissions,
    config: { what, target },
  }]);
  await using host = await world.startHost();
  const line = await host.untilLog(
    ({ message }) => message === "REFUSED" || message === "GOT IN",
    "the attempt is over",
  );
  assertEquals(line.message, "REFUSED", JSON.stringify(line));
  const why = (line["fields"] as { why: string }).why;
  assert(!why.includes(SECRET), why);
  return why;
}

function refuses(
  name: string,
  words: RegExp,
  make: (world: TestWorld) => Try | Promise<Try>,
): void {
  testWhere(
    name.includes("/proc") ? "proc" : "any",
    `a plugin without a grant cannot ${name}`,
    async () => {
      const why = await refusal(make);
      assert(words.test(why), why);
    },
  );
}

const CAPABLE = /(NotCapable|TypeError): Requires (read|write|net|env|run|ffi|sys|import|all)/;

refuses("read a file of the host's", CAPABLE, (world) => ({
  what: "read",
  target: join(world.folder, "secret.txt"),
}));
refuses("read the store", CAPABLE, (world) => ({
  what: "read",
  target: join(world.folder, "onhook.sqlite"),
}));
refuses("read the journal", CAPABLE, (world) => ({ what: "read", target: world.journal }));
refuses("read the registry", CAPABLE, (world) => ({ what: "read", target: world.registry }));
refuses("read another file in the folder of its own code", CAPABLE, () => ({
  what: "read",
  target: fromFileUrl(new URL("../support/plugins/recorder.ts", import.meta.url)),
}));
refuses("read what a neighbour has written", CAPABLE, async (world) => {
  await Deno.mkdir(join(world.folder, "theirs"));
  await Deno.writeTextFile(join(world.folder, "theirs", "data.json"), SECRET);
  return { what: "read", target: join(world.folder, "theirs", "data.json") };
});
refuses("look into the folders that the host keeps for plugins", CAPABLE, (world) => ({
  what: "list",
  target: join(world.folder, "plugins"),
}));
refuses("list a folder", CAPABLE, (world) => ({ what: "list", target: world.folder }));
refuses("read /proc of the host", CAPABLE, () => ({
  what: "read",
  target: `/proc/${Deno.pid}/environ`,
}));
refuses("read its own /proc", CAPABLE, () => ({ what: "read", target: "/proc/self/environ" }));
refuses("read memory of the host", CAPABLE, () => ({
  what: "read",
  target: `/proc/${Deno.pid}/mem`,
}));
refuses("write a file", CAPABLE, (world) => ({
  what: "write",
  target: join(world.folder, "written.txt"),
}));
refuses("reach a server", CAPABLE, () => ({ what: "net", target: "http://127.0.0.1:65000/" }));
refuses("reach a port of this machine", CAPABLE, () => ({ what: "connect", target: "65000" }));
refuses("reach a server that another grant does not name", CAPABLE, () => ({
  what: "net",
  target: "http://127.0.0.1:65000/",
  permissions: { net: ["127.0.0.1:65001"] },
}));
for (const name of ["localhost", "[::1]", "0.0.0.0", "127.1", "2130706433", "[::ffff:127.0.0.1]"]) {
  refuses(`reach this machine as ${name} when it is granted another one`, CAPABLE, () => ({
    what: "net",
    target: `http://${name}:65000/`,
    permissions: { net: ["example.com:65000"] },
  }));
}
refuses("listen on a port", CAPABLE, () => ({ what: "listen", target: "" }));
// Wine has no list of name servers, which Deno reads before it asks for the permission.
refuses("look up a name", IS_WINE ? /./ : CAPABLE, () => ({
  what: "resolveDns",
  target: "example.com",
}));
refuses("read a variable of the environment", CAPABLE, () => ({ what: "env", target: "HOME" }));
refuses("read the environment", CAPABLE, () => ({ what: "envAll", target: "" }));
refuses("run a program", CAPABLE, () => ({ what: "run", target: "/bin/true" }));
refuses("run Deno", CAPABLE, () => ({ what: "run", target: Deno.execPath() }));
refuses("signal the host", CAPABLE, () => ({ what: "kill", target: String(Deno.pid) }));
refuses("load a native library", CAPABLE, (world) => ({ what: "ffi", target: world.libraryPath }));
refuses("load a native addon that it may read", /Requires ffi access/, async (world) => {
  await Deno.mkdir(join(world.folder, "granted"));
  await Deno.copyFile(world.libraryPath, join(world.folder, "granted", "addon.node"));
  return {
    what: "addon",
    target: join(world.folder, "granted", "addon.node"),
    permissions: { read: ["./granted"] },
  };
});
refuses("load a native addon through a package", /Requires ffi access/, async (world) => {
  const folder = join(world.folder, "granted", "node_modules", "native");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(world.libraryPath, join(folder, "addon.node"));
  await Deno.writeTextFile(join(folder, "package.json"), `{ "main": "index.js" }`);
  await Deno.writeTextFile(
    join(folder, "index.js"),
    `module.exports = require("./addon.node");`,
  );
  return {
    what: "addonOfPackage",
    target: join(world.folder, "granted", "x.js"),
    permissions: { read: ["./granted"] },
  };
});
refuses("see the arguments that it was started with", /there are none/, () => ({
  what: "args",
  target: "",
}));
refuses("ask for facts of the system", CAPABLE, () => ({ what: "sys", target: "" }));
refuses("import a remote module", /remote|NotCapable|import/i, () => ({
  what: "import",
  target: "https://deno.land/std/version.ts",
}));
refuses("import a package that is not in the cache", /npm|cache|constraint|not found/i, () => ({
  what: "import",
  target: "npm:left-pad@1.3.0",
}));
refuses("import a local file outside of its own code", CAPABLE, (world) => ({
  what: "import",
  target: toFileUrl(join(world.folder, "secret.txt")).href,
}));
refuses("import a local file as text", /NotCapable|text|Requires read/, (world) => ({
  what: "importText",
  target: toFileUrl(join(world.folder, "secret.txt")).href,
}));
refuses("import a local file as JSON", CAPABLE, (world) => ({
  what: "importJson",
  target: toFileUrl(world.registry).href,
}));
refuses("import a local file through a data: module", /NotCapable|Requires read/, (world) => ({
  what: "import",
  target: `data:text/javascript,${encodeURIComponent(`import "${toFileUrl(world.registry)}";`)}`,
}));
refuses("import a local file in a worker", /./, (world) => ({
  what: "worker",
  target: `data:text/javascript,${
    encodeURIComponent(
      `postMessage(Deno.readTextFileSync(${JSON.stringify(join(world.folder, "secret.txt"))}));`,
    )
  }`,
}));
refuses(
  "use localStorage",
  /Not a directory|os error|Cannot create a file/,
  () => ({ what: "localStorage", target: "" }),
);
refuses(
  "read the localStorage of other plugins",
  /Not a directory|os error|Cannot create a file/,
  () => ({
    what: "localStorageOfOthers",
    target: "",
  }),
);
refuses("fill the disk through caches", /cache storage/, () => ({ what: "caches", target: "" }));
refuses("read the caches of other plugins", /cache storage/, () => ({
  what: "cachesOfOthers",
  target: "",
}));
refuses("use the key-value store", /not a function|TypeError/, () => ({ what: "kv", target: "" }));
refuses("be granted more by asking", /denied/, () => ({ what: "requestAll", target: "" }));
refuses("make a symbolic link out of a granted folder", /NotCapable/, async (world) => {
  await Deno.mkdir(join(world.folder, "granted"));
  return {
    what: "symlink",
    target: join(world.folder, "granted", "link"),
    permissions: { read: ["./granted"], write: ["./granted"] },
  };
});
refuses("leave a granted folder by its parent", CAPABLE, async (world) => {
  await Deno.mkdir(join(world.folder, "granted"));
  return {
    what: "read",
    target: `${join(world.folder, "granted")}/../secret.txt`,
    permissions: { read: ["./granted"] },
  };
});

Deno.test("a plugin sees a granted variable and no other", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([{
    id: "granted",
    file: "attempt",
    permissions: { env: ["PATH"] },
    config: { what: "env", target: "PATH" },
  }]);
  await using host = await world.startHost();
  const line = await host.untilLog(({ message }) => message === "GOT IN", "it was granted");
  assertEquals(
    (line["fields"] as { got: string }).got,
    String(Deno.env.get("PATH")).slice(0, 100),
  );
});
