/** Whoever supervises the host may stop reading what it says; delivery has to go on. */
import { assert, assertEquals } from "@std/assert";
import { askHost } from "../../host/store/ask_host.ts";
import { hostFlags, ROOT } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";

const EVENTS = 2500;
const LIMIT_MS = 60_000;
/** Over no limit of its own: what is dropped, is because nobody reads. */
const TALKS = { id: "talks", file: "talks", logLinesPerSecondMax: 100_000 };

function spawnHost(world: TestWorld): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...hostFlags(),
      `--journal=${world.journal}`,
      `--state=${world.folder}`,
      `--registry=${world.registry}`,
    ],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

function stop(host: Deno.ChildProcess, world: TestWorld): void {
  if (Deno.build.os === "windows") askHost(world.folder, "stop", "");
  else host.kill("SIGTERM");
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = Date.now() + LIMIT_MS;
  while (!holds()) {
    if (Date.now() > endMs) throw new RangeError(`not within ${LIMIT_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

Deno.test(
  "the host delivers and stops while nobody reads its standard error",
  async () => {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([TALKS, world.recorder("last")]);
    const host = spawnHost(world);
    try {
      // The lines of this many events are twice as long as what a pipe and the host's queue hold.
      await world.play({ count: EVENTS, seed: 1 });
      await until(() => world.distinct("last") === EVENTS + 2, "all events are delivered");
      stop(host, world);
      // A host that waits for its reader would still be there after this.
      const status = await Promise.race([
        host.status,
        until(() => false, "the host has ended").catch(() => undefined),
      ]);
      assertEquals(status?.code, 0);
    } finally {
      try {
        host.kill("SIGKILL");
      } catch { /* It has ended. */ }
      await host.stderr.cancel();
    }
  },
);

Deno.test(
  "the host says how many lines were dropped as soon as somebody reads again",
  async () => {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([TALKS, world.recorder("last")]);
    const host = spawnHost(world);
    await world.play({ count: EVENTS, seed: 1 });
    await until(() => world.distinct("last") === EVENTS + 2, "all events are delivered");
    const text = new Response(host.stderr).text();
    const talked = () => world.distinct("last") > EVENTS + 2;
    await world.play({ count: 1, seed: 2 });
    await until(talked, "one more event is delivered");
    stop(host, world);
    assertEquals((await host.status).code, 0);
    const lines = (await text).trimEnd().split("\n");
    const told = lines.filter((line) =>
      line.includes("lines of log were dropped: nobody has read")
    );
    assert(told.length > 0, lines.slice(-5).join("\n"));
    const dropped = told.reduce((sum, line) => sum + Number(/"(\d+) lines/.exec(line)![1]), 0);
    const heard = lines.filter((line) => line.includes("words that nobody reads")).length;
    assertEquals(heard + dropped >= EVENTS, true, `${heard} heard, ${dropped} dropped`);
    assertEquals(lines.at(-1), "onhook stopped");
  },
);
