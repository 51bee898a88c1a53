/** Ways to fill the disk without any permission. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

const MIB = 1024 * 1024;

function bytesUnder(folder: string): number {
  let bytes = 0;
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) bytes += bytesUnder(path);
    else if (!isSymlink) bytes += Deno.statSync(path).size;
  }
  return bytes;
}

async function runPlugin(
  code: string,
  check: (home: string, log: string) => void,
): Promise<void> {
  await using world = await TestWorld.make([]);
  const module = join(world.folder, "mod.ts");
  await Deno.writeTextFile(module, `${code}\nconsole.log("done");\nexport default {};\n`);
  await world.writeRegistry([{ id: "fills", file: module }]);
  await using host = await world.startHost();
  await host.untilLog(({ message }) => message === "done", "it is done");
  check(join(world.folder, "plugins", "fills"), host.stderr);
}

testWhere(
  "fileLimit",
  "a plugin cannot fill the disk with a temporary table of SQLite: it is killed",
  async () => {
    await using world = await TestWorld.make([]);
    const module = join(world.folder, "mod.ts");
    await Deno.writeTextFile(
      module,
      `import { DatabaseSync } from "node:sqlite";
       const database = new DatabaseSync(":memory:");
       database.exec("PRAGMA temp_store = FILE; CREATE TEMP TABLE t (x)");
       const insert = database.prepare("INSERT INTO t VALUES (zeroblob(1000000))");
       for (let i = 0; i < 100; i++) insert.run();
       console.log("done");
       export default {};`,
    );
    await world.writeRegistry([{ id: "fills", file: module }]);
    await using host = await world.startHost(["--deaths-per-window-max=1"]);
    const parked = await host.untilLog(({ message }) => message.includes("is parked"), "parked");
    assert(parked.message.includes("longer than 16 MiB (fileMb)"), parked.message);
    assert(!host.log.some(({ message }) => message === "done"));
  },
);

testWhere(
  "fileLimit",
  "a plugin cannot have so many temporary tables that they fill the disk",
  () =>
    runPlugin(
      `import { DatabaseSync } from "node:sqlite";
       const databases = [];
       try {
         for (let i = 0; i < 1000; i++) {
           const database = new DatabaseSync(":memory:");
           databases.push(database);
           database.exec("PRAGMA temp_store = FILE; PRAGMA temp.cache_size = 1; " +
             "CREATE TEMP TABLE t (x); INSERT INTO t VALUES (zeroblob(100000))");
         }
         console.log("it has all");
       } catch (error) {
         console.log("ended after " + databases.length + ": " + error);
       }`,
      (_home, log) => {
        const ended = /ended after (\d+): /.exec(log);
        assert(ended !== null && Number(ended[1]) < 256, log);
      },
    ),
);

for (const scheme of ["data", "blob"]) {
  Deno.test(
    `a plugin cannot fill the disk with compiled ${scheme}: modules`,
    () =>
      runPlugin(
        `for (let i = 0; i < 16; i++) {
           const code = "export const x: string = \\"" + "y".repeat(${MIB}) + i + "\\";";
           await import(${
          scheme === "data"
            ? `"data:application/typescript," + encodeURIComponent(code)`
            : `URL.createObjectURL(new Blob([code], { type: "application/typescript" }))`
        });
         }`,
        (home) => {
          const bytes = bytesUnder(home);
          assert(bytes < 8 * MIB, `${bytes} bytes are under ${home}`);
        },
      ),
  );
}
