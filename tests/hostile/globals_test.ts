/**
 * Plugins that replace what the language and the runtime offer. Whatever comes of it stays in their own
 * process: the host understands what they say or kills them, and the neighbours lose nothing.
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

const GLOBALS = fromFileUrl(new URL("./plugins/globals.ts", import.meta.url));
const HANGUPS = 5;
const ALL = HANGUPS + 2;
const IN_ORDER = Array.from({ length: ALL }, (_, i) => i + 1);

const WAYS = [...Deno.readTextFileSync(GLOBALS).matchAll(/^ {2}(\w+): \(\) =>/gm)]
  .map(([, way]) => way!);

for (const way of WAYS) {
  Deno.test(`a plugin that replaces globals (${way}) harms only itself`, async () => {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([
      world.recorder("before"),
      { id: "bad", file: GLOBALS, config: { way }, timeoutMs: 500 },
      world.recorder("after"),
    ]);
    await using host = await world.startHost([
      "--start-timeout-ms=20000",
      "--deaths-per-window-max=2",
      "--backoff-first-ms=20",
    ]);
    await world.play({ count: HANGUPS, seed: 21 });
    for (const id of ["before", "after"]) {
      await host.until(() => world.distinct(id) === ALL, `${id} has all events`);
      assertEquals(world.recorded(id).map(({ event }) => event.sequence), IN_ORDER, id);
    }
    assertEquals(await host.stop(), 0);
    const ofOthers = host.log.filter(({ plugin }) => plugin !== undefined && plugin !== "bad");
    assertEquals(ofOthers, [], "nobody else is spoken of");
  });
}
