/** What the commands print and end with, as their users see it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { hostFlags, HostProcess } from "../support/host_process.ts";
import { runDeno } from "../support/run_deno.ts";
import { taskFlags } from "../support/task_flags.ts";
import { TestWorld } from "../support/test_world.ts";

Deno.test("host says every problem of a registry at once, ends with 2 and starts nothing", async () => {
  await using world = await TestWorld.make([]);
  await Deno.writeTextFile(
    world.registry,
    `{ "plugins": [
      { "id": "A b", "path": "./missing.ts", "timeoutMs": 5 },
      { "id": "ok", "path": "./missing.ts", "permissions": { "run": ["sh"] }, "memory": 3 }
    ] }`,
  );
  const host = HostProcess.spawn(world);
  assertEquals(await host.ended(), 2);
  for (const word of ["plugins[0].id", "plugins[0].timeoutMs", "plugins[1].permissions"]) {
    assertStringIncludes(host.stderr, word);
  }
  assert(!host.stderr.includes("onhook ready"));
  const left = [...Deno.readDirSync(world.folder)].map(({ name }) => name).toSorted();
  assertEquals(left, ["records.jsonl", "registry.json"], "no journal, no store");
});

Deno.test("host ends with 3 and names the other host when the journal is being read", async () => {
  await using world = await TestWorld.make([]);
  await using first = await world.startHost();
  const second = HostProcess.spawn({
    journal: world.journal,
    registry: world.registry,
    folder: join(world.folder, "other"),
  });
  assertEquals(await second.ended(), 3);
  assertStringIncludes(second.stderr, "Cannot ");
  assertStringIncludes(second.stderr, world.journal);
  assertStringIncludes(second.stderr, String(first.pid));
});

Deno.test("host ends with 3 when the journal is a file that is none, and leaves it alone", async () => {
  await using world = await TestWorld.make([]);
  const text = "somebody's file\n".repeat(10_000);
  await Deno.writeTextFile(world.journal, text);
  const host = HostProcess.spawn(world);
  assertEquals(await host.ended(), 3);
  assertStringIncludes(host.stderr, world.journal);
  assertEquals(await Deno.readTextFile(world.journal), text);
});

Deno.test("host ends with 3 when the library cannot be loaded", async () => {
  await using world = await TestWorld.make([]);
  const host = HostProcess.spawn(world, [`--library=${world.registry}`]);
  assertEquals(await host.ended(), 3);
  assertStringIncludes(host.stderr, world.registry);
});

Deno.test("host ends with 3 when the state folder cannot be used", async () => {
  await using world = await TestWorld.make([]);
  const host = HostProcess.spawn({
    journal: world.journal,
    registry: world.registry,
    folder: join(world.registry, "sub"),
  });
  assertEquals(await host.ended(), 3);
  assertStringIncludes(host.stderr, "Cannot open the store");
});

Deno.test("host stops with exit code 0 on SIGTERM and leaves no process", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("a"), { id: "b", file: "nothing" }]);
  const host = await world.startHost();
  assertStringIncludes(host.stderr, `onhook ready: 2 plugins, journal ${world.journal}\n`);
  assertEquals(await host.stop(), 0);
});

Deno.test("host is stopped while a plugin still loads: exit code 0 within the limit", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([{ id: "loads", file: "loop_at_load" }]);
  const host = HostProcess.spawn(world);
  await host.until(() => {
    try {
      return Deno.statSync(join(world.folder, "plugins", "loads", "gen")).isDirectory;
    } catch {
      return false;
    }
  }, "the plugin is being loaded");
  assertEquals(await host.stop(), 0);
});

Deno.test(
  "demo tells what each plugin did, ends by itself and leaves nothing",
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const said = await runDeno([...taskFlags("demo"), "--events=30", "--seed=4"], {
        ...(Deno.build.os === "windows" ? { TMP: folder, TEMP: folder } : { TMPDIR: folder }),
      });
      assertEquals(said.code, 0, said.stderr);
      const [, events] = /(\d+) events \(30 link hangups/.exec(said.stdout)!;
      assert(Number(events) > 32, "whole sessions are played");
      for (const plugin of ["audit-log", "session-report", "webhook"]) {
        assert(new RegExp(`${plugin} +${events} +0 `).test(said.stdout), said.stdout);
      }
      assertEquals([...Deno.readDirSync(folder)], []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("a typo in a command or an option suggests the right one and ends with 2", async () => {
  const main = hostFlags().slice(0, -1);
  const command = await runDeno([...main, "hots"]);
  assertEquals(command.code, 2);
  assertStringIncludes(command.stderr, "host");
  const option = await runDeno([...main, "host", "--registri=x"]);
  assertEquals(option.code, 2);
  assertStringIncludes(option.stderr, "--registry");
});
