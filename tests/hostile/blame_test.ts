/** Between the order to kill a process and its death, nothing new may be put into its hand. */
import { assertEquals } from "@std/assert";
import { startedWorld } from "../../host/pipeline/_fake_world.ts";

Deno.test("an event that comes after the order to kill is not blamed for the death", async () => {
  using world = await startedWorld(["slow"], { frameEventsMax: 1 });
  await world.come(1);
  const process = world.plugins.of("slow");
  // A real process lives on for a moment, and what it wrote before is still read.
  process.kill = () => {};
  await world.clock.advance(5000);
  process.settle(1);
  await world.come(1);
  process.die(137);
  await world.clock.advance(1000);
  assertEquals(world.store.failures("slow"), [], "event 2 was never begun");
  await world.pipeline.stop(0);
});
