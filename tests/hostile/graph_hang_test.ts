/** Looking for a plugin's modules has a limit of time, like everything else about a plugin. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { deadline } from "@std/async/deadline";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

async function withPipe(
  check: (world: TestWorld, args: readonly string[]) => Promise<void>,
): Promise<void> {
  await using world = await TestWorld.make([]);
  const folder = join(world.folder, "plugin");
  await Deno.mkdir(folder);
  const pipe = join(folder, "pipe.ts");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  await Deno.writeTextFile(join(folder, "mod.ts"), `import "./pipe.ts"; export default {};`);
  await world.writeRegistry([
    { id: "hangs", file: join(folder, "mod.ts") },
    world.recorder("after"),
  ]);
  try {
    await check(world, ["--start-timeout-ms=1000", "--deaths-per-window-max=1"]);
  } finally {
    // Ends a `deno info` that still waits for somebody to write.
    const file = await Deno.open(pipe, { read: true, write: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    file.close();
  }
}

testWhere(
  "pipes",
  "a plugin whose modules take for ever to be found is parked; its neighbours go on",
  () =>
    withPipe(async (world, args) => {
      const { HostProcess } = await import("../support/host_process.ts");
      const host = HostProcess.spawn(world, args);
      try {
        await host.until(
          () => {
            try {
              return Deno.statSync(world.journal).isFile;
            } catch {
              return false;
            }
          },
          "the journal is there",
        );
        await world.play({ count: 5, seed: 1 });
        await deadline(host.until(() => world.distinct("after") === 7, "the neighbour"), 10_000);
      } finally {
        await host.kill();
      }
    }),
);

testWhere(
  "pipes",
  "a host is stopped in time while a plugin's modules are still looked for",
  () =>
    withPipe(async (world) => {
      const { HostProcess } = await import("../support/host_process.ts");
      const host = HostProcess.spawn(world);
      try {
        await host.until(
          () => {
            try {
              return Deno.statSync(join(world.folder, "onhook.sqlite")).isFile;
            } catch {
              return false;
            }
          },
          "the store is there",
        );
        await new Promise((resolve) => setTimeout(resolve, 500));
        assertEquals(await deadline(host.stop(), 8000), 0);
      } finally {
        await host.kill();
      }
    }),
);
