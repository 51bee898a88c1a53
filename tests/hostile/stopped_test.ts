/** Saying "stopped" without having been asked to. */
import { deadline } from "@std/async/deadline";
import { fromFileUrl } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));

Deno.test("a plugin that says it has stopped cannot get out of its time limit", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    { id: "bad", file: SPEAKER, timeoutMs: 500, config: { event: "stoppedAndSilent", at: 2 } },
    world.recorder("after"),
  ]);
  await using host = await world.startHost(["--backoff-first-ms=20", "--stop-limit-ms=200"]);
  await world.play({ count: 20, seed: 1 });
  await deadline(host.until(() => world.distinct("after") === 22, "the neighbour has all"), 10_000);
});
