/** Symbolic links that somebody else has made in what a plugin is granted. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import { testWhere } from "../support/test_where.ts";
import { done } from "../support/run_task.ts";
import { TestWorld } from "../support/test_world.ts";

const SECRET = "what only the host may see";

interface Grants {
  readonly read?: string[];
  readonly write?: string[];
}

/** Starts a plugin that reads `granted/link`; gives what the host says of it. */
async function withLink(
  target: (folder: string) => string,
  permissions: Grants,
  check: (world: TestWorld, log: () => string) => Promise<void>,
): Promise<void> {
  await using world = await TestWorld.make([]);
  await Deno.mkdir(join(world.folder, "granted"));
  await Deno.mkdir(join(world.folder, "other"));
  await Deno.writeTextFile(join(world.folder, "secret.txt"), SECRET);
  await Deno.writeTextFile(join(world.folder, "other", "file.txt"), "not secret");
  await Deno.symlink(target(world.folder), join(world.folder, "granted", "link"));
  await world.writeRegistry([
    {
      id: "curious",
      file: "attempt",
      permissions: { ...permissions },
      config: { what: "read", target: "./granted/link" },
    },
    world.recorder("neighbour"),
  ]);
  await using host = await world.startHost();
  await host.until(
    () => /is parked|"GOT IN"|"REFUSED"/.test(host.stderr),
    "it is started or parked",
  );
  await check(world, () => host.stderr);
  await world.play({ count: 2, seed: 1 });
  await host.until(() => world.distinct("neighbour") === 4, "the neighbour goes on");
}

testWhere("links", "a plugin is not started with a link out of what it may read", () =>
  withLink(
    (folder) => join(folder, "secret.txt"),
    { read: ["./granted"] },
    async (world, log) => {
      assert(log().includes("granted/link is a symbolic link to "), log());
      assert(log().includes("none that leads out of what permissions.read grants"), log());
      assert(!log().includes(SECRET), log());
      await Deno.remove(join(world.folder, "granted", "link"));
      await Deno.writeTextFile(join(world.folder, "granted", "link"), "no link any more");
      await done(world, "plugin release curious");
      while (!log().includes("GOT IN")) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  ));

testWhere(
  "links",
  "a plugin is not started with a link to what it may read from what it may write",
  () =>
    withLink(
      (folder) => join(folder, "other", "file.txt"),
      { read: ["./other"], write: ["./granted"] },
      (_, log) => {
        assert(log().includes("none that leads out of what permissions.write grants"), log());
        return Promise.resolve();
      },
    ),
);

testWhere(
  "links",
  "a plugin is started with a link to something else that it may read",
  () =>
    withLink(
      (folder) => join(folder, "other", "file.txt"),
      { read: ["./granted", "./other"] },
      (_, log) => {
        assert(log().includes("GOT IN"), log());
        return Promise.resolve();
      },
    ),
);
