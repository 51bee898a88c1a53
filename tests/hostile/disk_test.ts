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
  check: (home: string, pids: number[]) => void,
): Promise<void> {
  await using world = await TestWorld.make([]);
  const module = join(world.folder, "mod.ts");
  await Deno.writeTextFile(module, `${code}\nconsole.log("done");\nexport default {};\n`);
  await world.writeRegistry([{ id: "fills", file: module }]);
  await using host = await world.startHost();
  await host.untilLog(({ message }) => message === "done", "it is done");
  const pids = Deno.readTextFileSync(`/proc/${host.pid}/task/${host.pid}/children`)
    .trim().split(" ").map(Number);
  check(join(world.folder, "plugins", "fills"), pids);
}

for (const scheme of ["data", "blob"]) {
  testWhere(
    "linux",
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
