/** Every example, started as its README says: at least one line of log for each hangup. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { HostProcess, ROOT } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";

const HANGUPS = 6;
const EXAMPLES = [...Deno.readDirSync(join(ROOT, "examples"))]
  .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).toSorted();

Deno.test("the examples are numbered from 01 on", () => {
  assert(EXAMPLES.length >= 5);
  EXAMPLES.forEach((name, i) => assert(name.startsWith(`${String(i + 1).padStart(2, "0")}_`)));
});

for (const name of EXAMPLES) {
  Deno.test(`example ${name} logs something for each hangup`, async () => {
    await using world = await TestWorld.make([]);
    const folder = join(ROOT, "examples", name);
    const hadData = await exists(join(folder, "data"));
    try {
      await using host = await HostProcess.start({
        folder: world.folder,
        journal: world.journal,
        registry: join(folder, "registry.json"),
      });
      await world.play({ count: HANGUPS, seed: 3, hangupsOnly: false });
      const events = () => new Set(host.log.map(({ event }) => event).filter(Boolean)).size;
      await host.until(() => events() >= HANGUPS, `${HANGUPS} events are in the log`);
      if (name.startsWith("10_")) {
        const over = await host.untilLog(({ message }) => message === "session over", "its end");
        const { user, seconds, reason } = over["fields"] as Record<string, unknown>;
        assert(typeof user === "string" && Number(seconds) >= 0, JSON.stringify(over));
        assertEquals(reason, "hangup");
      }
      assertEquals(await host.stop(), 0);
    } finally {
      if (!hadData) await Deno.remove(join(folder, "data"), { recursive: true }).catch(() => {});
    }
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
