/** Failures are lines of log as well, and as many as there are events. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

Deno.test("a plugin that fails on every event is held to its lines of log", async () => {
  await using world = await TestWorld.make([]);
  const module = join(world.folder, "mod.ts");
  await Deno.writeTextFile(
    module,
    `export default { onEvent() {
       const error = new Error("e".repeat(900)); error.stack = "s".repeat(1900); throw error; } };`,
  );
  await world.writeRegistry([{ id: "bad", file: module }, world.recorder("after")]);
  await using host = await world.startHost(["--log-lines-per-second-max=10"]);
  await world.play({ count: 2000, seed: 1 });
  await host.until(() => world.distinct("after") === 2002, "the neighbour has all");
  const lines = host.log.filter(({ plugin }) => plugin === "bad").length;
  assert(lines < 500, `${lines} lines, ${host.stderr.length} bytes`);
});
