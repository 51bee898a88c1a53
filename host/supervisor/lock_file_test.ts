import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { lockPathFor, readLockFile } from "./lock_file.ts";

const OWN = fromFileUrl(new URL("../../deno.lock", import.meta.url));

Deno.test("readLockFile() knows the packages of deno.json by the names that imports have", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(join(OWN, "..", "deno.json")));
  const { path, packages } = await readLockFile(OWN);
  assertEquals(path, OWN);
  assert(packages.has(imports.zod), imports.zod);
});

Deno.test("readLockFile() knows none when there is no such file, or another one", async () => {
  const folder = await Deno.makeTempDir();
  for (const text of [undefined, "", "[]", "{}", `{ "specifiers": 1 }`, "\0"]) {
    const path = join(folder, "deno.lock");
    if (text !== undefined) await Deno.writeTextFile(path, text);
    assertEquals(await readLockFile(path), { path, packages: new Set<string>() });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("lockPathFor() gives the lock file when it names all packages, and there are some", () => {
  const lock = { path: "/onhook/deno.lock", packages: new Set(["npm:zod@4.6.7", "npm:a@1.0.0"]) };
  assertEquals(lockPathFor(["npm:zod@4.6.7"], lock), lock.path);
  assertEquals(lockPathFor(["npm:zod@4.6.7", "npm:a@1.0.0"], lock), lock.path);
  assertEquals(lockPathFor(["npm:zod@4.6.7", "npm:ms@2.1.3"], lock), undefined);
  assertEquals(lockPathFor(["npm:zod@4"], lock), undefined);
  assertEquals(lockPathFor([], lock), undefined);
});
