/** The log in files: bounded whatever plugins say, and standard error keeps to its few words. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

const MIB = 1024 * 1024;

Deno.test("host --log writes its log to files that stay within logFileBytesMax and logFilesMax", async () => {
  await using world = await TestWorld.make([]);
  const module = join(world.folder, "mod.ts");
  await Deno.writeTextFile(
    module,
    `export default { onLinkHangup(event, ctx) {
       for (let i = 0; i < 250; i++) ctx.log.info("x".repeat(800), { i });
       ctx.log.info("said all of " + event.sequence);
     } };`,
  );
  await world.writeRegistry([
    { id: "talks", file: module, logLinesPerSecondMax: 100_000 },
    world.recorder("after"),
  ]);
  const path = join(world.folder, "logs", "host.log");
  await Deno.mkdir(join(world.folder, "logs"));
  const files = () => [...Deno.readDirSync(join(world.folder, "logs"))].map(({ name }) => name);
  const textOf = (name: string) => Deno.readTextFileSync(join(world.folder, "logs", name));
  await using host = await world.startHost([
    `--log=${path}`,
    `--log-file-bytes-max=${MIB}`,
    "--log-files-max=3",
  ]);
  await world.play({ count: 30, seed: 1 });
  await host.until(() => world.distinct("after") === 32, "all is said");
  assertEquals(await host.stop(), 0);
  assertEquals(files().toSorted(), ["host.log", "host.log.1", "host.log.2"]);
  for (const name of files()) {
    const text = textOf(name);
    assert(text.length <= MIB && text.endsWith("\n"), `${name}: ${text.length}`);
    for (const line of text.split("\n")) {
      if (!line.startsWith("onhook ") && line !== "") assertEquals(JSON.parse(line).level, "INFO");
    }
  }
  assertStringIncludes(textOf("host.log"), "said all of 31");
  assertStringIncludes(textOf("host.log"), "\nonhook stopped\n");
  const words = host.stderr.trimEnd().split("\n");
  assertEquals(words.map((line) => line.slice(0, 12)), ["onhook ready", "onhook stopp"]);
});

Deno.test("host --log goes on delivering when its log cannot be written", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("a")]);
  await using host = await world.startHost([`--log=${join(world.folder, "missing", "host.log")}`]);
  await world.play({ count: 20, seed: 1 });
  await host.until(() => world.distinct("a") === 22, "all events are delivered");
  assertEquals(await host.stop(), 0);
});
