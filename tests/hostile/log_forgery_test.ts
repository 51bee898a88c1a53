/** What a plugin says must not pass for what the host says. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { stderrLog } from "../../host/internal/stderr_log.ts";
import { TestWorld } from "../support/test_world.ts";

const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));

Deno.test("a plugin's line of log is told from the host's line about it", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    { id: "bad", file: SPEAKER, config: { event: "imitatesHost", at: 1 } },
    { id: "dies", file: "throw_at_load" },
  ]);
  await using host = await world.startHost(["--backoff-first-ms=20", "--deaths-per-window-max=1"]);
  await world.play({ count: 1, seed: 1 });
  const parked = (id: string) =>
    host.untilLog(
      ({ message, plugin }) => plugin === id && message.startsWith("The plugin is parked"),
      `${id} is said to be parked`,
    );
  const keys = (line: object) => Object.keys(line).filter((key) => key !== "@timestamp").toSorted();
  const [lie, truth] = [await parked("bad"), await parked("dies")];
  const onlyInLies = keys(lie).filter((key) => !keys(truth).includes(key))
    // The host's own lines about an event have these.
    .filter((key) => key !== "event" && key !== "sequence");
  assert(onlyInLies.length > 0, `nothing but the words: ${JSON.stringify(lie)}`);
});

function readable(say: (log: ReturnType<typeof stderrLog>) => void): string {
  let text = "";
  say(stderrLog({ isReadable: true, isColored: false, write: (line) => text += line }));
  return text;
}

Deno.test("a line end in a plugin's message does not begin a line of its own", () => {
  const text = readable((log) =>
    log.info("x\n12:00:00.000 error [other] The plugin is parked", { plugin: "bad" })
  );
  assertEquals(text.trimEnd().split("\n").filter((line) => /^[\d:.]+ error/.test(line)), []);
});

Deno.test("a plugin's field named stack does not begin a line of its own", () => {
  const text = readable((log) =>
    log.info("x", {
      plugin: "bad",
      fields: { stack: "\n12:00:00.000 error [other] The plugin is parked" },
    })
  );
  assertEquals(text.trimEnd().split("\n").filter((line) => /^[\d:.]+ error/.test(line)), []);
});
