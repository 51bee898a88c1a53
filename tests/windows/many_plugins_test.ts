/** More plugins than Deno for Windows has threads to read them with. */
import { assertEquals } from "@std/assert";
import { testWhere } from "../support/test_where.ts";
import { TestWorld } from "../support/test_world.ts";

/** Two outputs of each, and four threads for each processor. */
const PLUGINS = Math.min(2 * navigator.hardwareConcurrency + 1, 17);
const HANGUPS = 5;
const ALL = HANGUPS + 2;

testWhere("windows", `a host delivers to ${PLUGINS} plugins and stops`, async () => {
  await using world = await TestWorld.make([]);
  const ids = Array.from({ length: PLUGINS }, (_, i) => `p${i + 1}`);
  await world.writeRegistry(ids.map((id) => world.recorder(id)));
  await using host = await world.startHost();
  await world.play({ count: HANGUPS, seed: 1 });
  await host.until(() => world.distinct(ids.at(-1)!) === ALL, "the last one has all events");
  for (let sequence = 1; sequence <= ALL; sequence++) {
    const order = world.recorded().filter(({ event }) => event.sequence === sequence);
    assertEquals(order.map(({ plugin }) => plugin), ids, `event ${sequence}`);
  }
  assertEquals(await host.stop(), 0);
});
