import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Clock } from "../internal/clock.ts";
import { InputError } from "../internal/errors.ts";
import { editRegistry, type RegistryEdit } from "./edit_registry.ts";
import { readRegistry } from "./read_registry.ts";
import { testWhere } from "../../tests/support/test_where.ts";
import { neutralPaths } from "../../tests/support/neutral_paths.ts";

const TEXT = `\ufeff{
  "plugins": [
    { "id": "a", "path": "./a.ts" }, // first
    { "id": "b", "path": "./a.ts" }
  ]
}
`;

async function withFolder(
  text: string,
  run: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.writeTextFile(join(folder, "a.ts"), "export default {};\n");
    await Deno.writeTextFile(join(folder, "registry.json"), text);
    await run(join(folder, "registry.json"), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

async function idsAfter(path: string, edit: RegistryEdit): Promise<string[]> {
  return (await editRegistry(path, edit)).registry.plugins.map(({ id }) => id);
}

async function refusalOf(path: string, edit: RegistryEdit): Promise<string> {
  const before = await Deno.readTextFile(path);
  const error = await assertRejects(() => editRegistry(path, edit), InputError);
  assertEquals(await Deno.readTextFile(path), before);
  return error.problems.map((p) => `${p.place}: ${p.found} -> ${p.wanted}`).join("\n");
}

Deno.test("editRegistry() puts a plugin at its place when it is added or moved", async () => {
  await withFolder(TEXT, async (path) => {
    const entry = { id: "c", path: "./a.ts" };
    const before = { kind: "before", id: "b" } as const;
    assertEquals(await idsAfter(path, { kind: "add", entry, place: before }), ["a", "c", "b"]);
    const move = (id: string, place: Extract<RegistryEdit, { kind: "move" }>["place"]) =>
      idsAfter(path, { kind: "move", id, place });
    assertEquals(await move("a", { kind: "last" }), ["c", "b", "a"]);
    assertEquals(await move("a", { kind: "first" }), ["a", "c", "b"]);
    assertEquals(await move("a", { kind: "after", id: "c" }), ["c", "a", "b"]);
    assertEquals(await move("b", { kind: "before", id: "c" }), ["b", "c", "a"]);
    assertEquals(await move("b", { kind: "position", position: 3 }), ["c", "a", "b"]);
    assertEquals((await readRegistry(path)).plugins.map(({ id }) => id), ["c", "a", "b"]);
  });
});

Deno.test("editRegistry() keeps mark, mode and comments and leaves no other file when it writes", async () => {
  await withFolder(TEXT, async (path, folder) => {
    const mode = Deno.build.os === "windows" ? (await Deno.stat(path)).mode! & 0o777 : 0o640;
    await Deno.chmod(path, mode);
    const { changed } = await editRegistry(path, { kind: "disable", id: "a" });
    assert(changed);
    assertEquals(
      await Deno.readTextFile(path),
      TEXT.replace(
        '{ "id": "a", "path": "./a.ts" }',
        '{ "id": "a", "path": "./a.ts", "enabled": false }',
      ),
    );
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, mode);
    assertEquals(namesIn(folder), ["a.ts", "registry.json"]);
  });
});

Deno.test("editRegistry() writes nothing when nothing changes", async () => {
  await withFolder(TEXT, async (path) => {
    const before = await Deno.stat(path);
    assertEquals((await editRegistry(path, { kind: "enable", id: "a" })).changed, false);
    const place = { kind: "first" } as const;
    assertEquals((await editRegistry(path, { kind: "move", id: "a", place })).changed, false);
    assertEquals((await Deno.stat(path)).ino, before.ino);
  });
});

testWhere(
  "links",
  "editRegistry() changes the file that a link leads to when the registry is a link",
  async () => {
    await withFolder(TEXT, async (path, folder) => {
      await Deno.mkdir(join(folder, "etc"));
      await Deno.rename(path, join(folder, "etc", "real.json"));
      await Deno.symlink(join(folder, "etc", "real.json"), path);
      await editRegistry(path, { kind: "remove", id: "b" });
      assert((await Deno.lstat(path)).isSymlink);
      assertEquals((await readRegistry(path)).plugins.map(({ id }) => id), ["a"]);
    });
  },
);

Deno.test("editRegistry() names what is there when a plugin or a place is not", async () => {
  await withFolder(TEXT, async (path) => {
    assertEquals(
      await refusalOf(path, { kind: "remove", id: "aa" }),
      'plugins: no plugin "aa" -> "a"',
    );
    assertEquals(
      await refusalOf(path, { kind: "enable", id: "report" }),
      'plugins: no plugin "report" -> one of "a", "b"',
    );
    assertEquals(
      await refusalOf(path, { kind: "move", id: "a", place: { kind: "after", id: "a" } }),
      'the place: "a" itself -> the id of another plugin',
    );
    assertEquals(
      await refusalOf(path, { kind: "move", id: "a", place: { kind: "position", position: 3 } }),
      "the position: 3 -> a whole number from 1 to 2",
    );
  });
});

Deno.test("editRegistry() refuses an entry when the registry would be wrong with it", async () => {
  await withFolder(TEXT, async (path, folder) => {
    const place = { kind: "last" } as const;
    const add = (entry: { id: string; path: string; timeoutMs?: number }) =>
      refusalOf(path, { kind: "add", entry, place });
    assertEquals(
      await add({ id: "a", path: "./a.ts" }),
      'the new id: "a", which plugins[0] has already -> an id of its own',
    );
    assertEquals(
      await add({ id: "c", path: "./a.ts", timeoutMs: 1 }),
      "plugins[2].timeoutMs (8:20): 1 -> a whole number of milliseconds from 10 to 600000",
    );
    assertEquals(
      neutralPaths(await add({ id: "c", path: "./c.ts" }), folder),
      'plugins[2].path (7:15): no file "DIR/c.ts" -> a module file, or "enabled": false until it is there',
    );
    assertEquals(namesIn(folder), ["a.ts", "registry.json"]);
  });
});

Deno.test("editRegistry() removes a plugin when its module is missing or its entry is wrong", async () => {
  const text = TEXT.replace("./a.ts", "./gone.ts").replace('"b",', '"b", "timeoutMs": 1,');
  await withFolder(text, async (path) => {
    assertEquals(await idsAfter(path, { kind: "remove", id: "b" }), ["a"]);
    assertEquals(await idsAfter(path, { kind: "remove", id: "a" }), []);
  });
});

Deno.test("editRegistry() loses no change when many come at once", async () => {
  await withFolder(TEXT, async (path, folder) => {
    const ids = Array.from({ length: 12 }, (_, index) => `p${index}`);
    await Promise.all(
      ids.map((id) =>
        editRegistry(path, { kind: "add", entry: { id, path: "./a.ts" }, place: { kind: "last" } })
      ),
    );
    const found = (await readRegistry(path)).plugins.map(({ id }) => id);
    assertEquals(found.toSorted(), ["a", "b", ...ids].toSorted());
    assertEquals(namesIn(folder), ["a.ts", "registry.json"]);
  });
});

Deno.test("editRegistry() gives up with a reason when another change holds the lock", async () => {
  await withFolder(TEXT, async (path, folder) => {
    using lock = await Deno.open(join(folder, ".registry.json.lock"), {
      create: true,
      write: true,
    });
    await lock.lock(true);
    let now = 0;
    const clock: Clock = {
      now: () => now,
      monotonic: () => now,
      startTimer(delayMs, fire) {
        now += delayMs;
        queueMicrotask(fire);
        return { cancel() {} };
      },
      soon: (work) => work(),
    };
    const error = await assertRejects(
      () => editRegistry(path, { kind: "remove", id: "a" }, { clock, lockWaitMs: 1000 }),
      InputError,
    );
    assertEquals(error.problems[0]?.found, "another command that has been changing it for 1000 ms");
    assertEquals(now, 1000);
  });
});

Deno.test("editRegistry() goes on when a dead process has left its lock file behind", async () => {
  await withFolder(TEXT, async (path, folder) => {
    await Deno.writeTextFile(join(folder, ".registry.json.lock"), "");
    assertEquals(await idsAfter(path, { kind: "remove", id: "a" }), ["b"]);
    assertEquals(namesIn(folder), ["a.ts", "registry.json"]);
  });
});

Deno.test("editRegistry() says where the file is wanted when there is none or it is no JSON", async () => {
  await withFolder("{", async (path, folder) => {
    assertEquals(
      await refusalOf(path, { kind: "remove", id: "a" }),
      "1:2: the end of the file -> a closing brace }",
    );
    for (const missing of [join(folder, "none.json"), join(folder, "no", "none.json")]) {
      const error = await assertRejects(
        () => editRegistry(missing, { kind: "remove", id: "a" }),
        InputError,
      );
      assertEquals(error.problems[0]?.found, "no such file");
    }
    assertEquals(namesIn(folder), ["a.ts", "registry.json"]);
  });
});
