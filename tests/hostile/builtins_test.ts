/** Side doors of the runtime: what Node's modules, workers and SQLite offer besides `Deno`. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

const SECRET = "what only the host may see";
const PLUGIN = fromFileUrl(new URL("./plugins/builtins.ts", import.meta.url));

/** Every attempt, as the plugin names it. */
const NAMES = [...Deno.readTextFileSync(PLUGIN).matchAll(/^ {2}"(.+)": (?:async )?\(/gm)]
  .map(([, name]) => name!);

/** How a refusal reads; an attempt that fails for another reason proves nothing. */
const REFUSED = new RegExp([
  "NotCapable: ",
  "Requires (read|write|net|env|run|ffi|sys) access",
  "getaddrinfo EPERM",
  "too many attached databases - max 0",
  "not authorized",
  "failed to open preopen",
  "it gives nothing",
  "the test looks for the file",
  // What Windows does not have at all.
  ...(Deno.build.os === "windows"
    ? ["ERR_UNKNOWN_SIGNAL", "setuid is not a function", "not supported on non-unix platforms"]
    : []),
].join("|"));

interface Outcome {
  readonly name: string;
  readonly got?: string;
  readonly why?: string;
}

interface Outcomes {
  readonly byName: ReadonlyMap<string, Outcome>;
  /** Files that were not there before. */
  readonly newFiles: readonly string[];
  readonly log: string;
}

let outcomes: Promise<Outcomes> | undefined;

/** All attempts are made by one plugin, once. */
function allOutcomes(): Promise<Outcomes> {
  return outcomes ??= makeAttempts();
}

async function makeAttempts(): Promise<Outcomes> {
  await using world = await TestWorld.make([]);
  const places = {
    folder: join(world.folder, "theirs"),
    secretText: join(world.folder, "theirs", "secret.txt"),
    secretJson: join(world.folder, "theirs", "secret.json"),
  };
  await Deno.mkdir(places.folder);
  await Deno.writeTextFile(places.secretText, SECRET);
  await Deno.writeTextFile(places.secretJson, JSON.stringify(SECRET));
  await Deno.writeTextFile(join(places.folder, "worker.js"), "postMessage(1);");
  const names = () => [...Deno.readDirSync(places.folder)].map(({ name }) => name).toSorted();
  const before = names();
  await world.writeRegistry([{ id: "stranger", file: PLUGIN, config: places }]);
  await using host = await world.startHost(["--start-timeout-ms=30000"]);
  await host.untilLog(({ message }) => message === "all attempts made", "all is tried");
  const all = host.log.filter(({ message }) => message === "attempt")
    .map(({ fields }) => fields as Outcome);
  return {
    byName: new Map(all.map((outcome) => [outcome.name, outcome])),
    newFiles: names().filter((name) => !before.includes(name)),
    log: host.stderr,
  };
}

Deno.test("the list of side doors is not empty", () => assert(NAMES.length > 40));

for (const name of NAMES) {
  Deno.test(`a plugin without a grant cannot ${name}`, async () => {
    const outcome = (await allOutcomes()).byName.get(name);
    assert(outcome !== undefined, "it was not tried");
    assertEquals(outcome.got, undefined, JSON.stringify(outcome));
    assert(REFUSED.test(outcome.why!), JSON.stringify(outcome));
  });
}

Deno.test("no attempt leaves a file or a secret behind", async () => {
  const { newFiles, log } = await allOutcomes();
  assertEquals(newFiles, []);
  assert(!log.includes(SECRET));
});
