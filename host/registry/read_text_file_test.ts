import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { readTextFile } from "./read_text_file.ts";

const OPTIONS = { action: "Cannot read it", missing: "one", bytesMax: 100 };

/** Reads a file in whose place something else is put as soon as it has been looked at. */
async function readWhile(swap: (path: string) => void): Promise<string> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.json");
  Deno.writeTextFileSync(path, "{}");
  const { stat } = Deno;
  Deno.stat = async (looked) => {
    const found = await stat(looked);
    Deno.removeSync(path);
    swap(path);
    return found;
  };
  try {
    return await readTextFile(path, OPTIONS);
  } finally {
    Deno.stat = stat;
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readTextFile() measures the file that it has opened, not the one it looked at", async () => {
  const long = readWhile((path) => Deno.writeTextFileSync(path, " ".repeat(101)));
  const error = await assertRejects(() => long, InputError);
  assertEquals(error.problems[0]!.found, "101 bytes");
  assertEquals(await readWhile((path) => Deno.writeTextFileSync(path, "[]")), "[]");
});

Deno.test("readTextFile() reads no further than it may when the file grows meanwhile", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "{}");
  const { read } = Deno.FsFile.prototype;
  let reads = 0;
  Deno.FsFile.prototype.read = function (into) {
    reads++;
    Deno.writeTextFileSync(path, " ".repeat(60), { append: true });
    return read.call(this, into);
  };
  try {
    const error = await assertRejects(() => readTextFile(path, OPTIONS), InputError);
    assertEquals(error.problems[0]!.wanted, "at most 100 bytes");
    assert(reads < 4, `it was read ${reads} times`);
  } finally {
    Deno.FsFile.prototype.read = read;
    await Deno.remove(path);
  }
});
