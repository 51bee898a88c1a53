import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { FakeClock } from "./_fake_clock.ts";
import { LogFile } from "./log_file.ts";

const clock = new FakeClock();
const line = (text: string): Uint8Array => new TextEncoder().encode(`${text}\n`);

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The files of a log, the newest first. */
function filesOf(folder: string): { name: string; text: string }[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted()
    .map((name) => ({ name, text: Deno.readTextFileSync(join(folder, name)) }));
}

Deno.test("LogFile keeps the newest lines, whole and in order, within its limits", async () => {
  const texts = fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 60 }), {
    maxLength: 60,
  });
  const limits = fc.record({
    logFileBytesMax: fc.integer({ min: 64, max: 200 }),
    logFilesMax: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(limits, texts, fc.nat(59), async (limits, texts, restartAt) => {
      await inFolder(async (folder) => {
        let log = new LogFile(join(folder, "log"), limits, clock);
        for (const [i, text] of texts.entries()) {
          if (i === restartAt) {
            log[Symbol.dispose]();
            log = new LogFile(join(folder, "log"), limits, clock);
          }
          assertEquals(await log.write(line(`${i} ${text}`)), line(`${i} ${text}`).byteLength);
        }
        log[Symbol.dispose]();
        const files = filesOf(folder);
        assert(files.length <= limits.logFilesMax, `${files.length} files`);
        for (const { text } of files) assert(text.length <= limits.logFileBytesMax, text);
        const kept = files.toReversed().flatMap(({ text }) => text.split("\n").slice(0, -1));
        const all = texts.map((text, i) => `${i} ${text}`);
        assertEquals(kept, all.slice(all.length - kept.length));
        assert(kept.length > 0 || texts.length === 0);
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("LogFile drops what cannot be written, and says how much when it can again", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sub", "log");
    using log = new LogFile(path, { logFileBytesMax: 1000, logFilesMax: 2 }, clock);
    await log.write(line("one\ntwo"));
    await log.write(line("three"));
    await Deno.mkdir(join(folder, "sub"));
    await log.write(line("four"));
    await log.write(line("five"));
    const [told, ...rest] = Deno.readTextFileSync(path).split("\n");
    assertStringIncludes(JSON.parse(told!).message, "3 lines of log were dropped: ");
    assertEquals(rest, ["four", "five", ""]);
  }));

Deno.test("LogFile grows to twice its size at most while its files cannot be moved on", () =>
  inFolder(async (folder) => {
    const path = join(folder, "log");
    // In the way of the file before.
    await Deno.mkdir(join(folder, "log.1", "sub"), { recursive: true });
    using log = new LogFile(path, { logFileBytesMax: 1000, logFilesMax: 2 }, clock);
    for (let i = 0; i < 100; i++) await log.write(line("x".repeat(99)));
    assertEquals(Deno.statSync(path).size, 2000);
    await Deno.remove(join(folder, "log.1"), { recursive: true });
    await log.write(line("there is room again"));
    assertEquals(Deno.statSync(`${path}.1`).size, 2000);
    assertStringIncludes(Deno.readTextFileSync(path), "80 lines of log were dropped: ");
  }));
