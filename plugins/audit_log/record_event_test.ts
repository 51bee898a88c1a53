import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { sampleEvents } from "../_testing/sample_events.ts";
import { recordingContext } from "../_testing/recording_context.ts";
import { auditLogConfig } from "./config.ts";
import { recordEvent } from "./record_event.ts";
import { testWhere } from "../../tests/support/test_where.ts";

/** Runs a test in a folder of its own that is gone afterwards. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-audit-log-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const contextFor = (config: unknown) => recordingContext(auditLogConfig.parse(config));

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

async function idsIn(file: string): Promise<string[]> {
  const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line).id);
}

Deno.test("recordEvent() writes the whole event as one line when the folder is missing", () =>
  inFolder(async (folder) => {
    const file = join(folder, "new", "audit.jsonl");
    const { ctx, lines } = contextFor({ file });
    const event = sampleEvents.linkHangup({ port: { deviceName: "a\nb\u2028\ud800" } });
    await recordEvent(event, ctx);
    const text = await Deno.readTextFile(file);
    assertEquals(text.split("\n").length, 2);
    assertEquals(JSON.parse(text), event);
    assertEquals(lines, []);
  }));

Deno.test("recordEvent() keeps id and attempt when an event is delivered again", () =>
  inFolder(async (folder) => {
    const file = join(folder, "audit.jsonl");
    const { ctx } = contextFor({ file });
    await recordEvent(sampleEvents.linkHangup(), ctx);
    await recordEvent(sampleEvents.linkHangup({ attempt: 2 }), ctx);
    const [first, again] = (await Deno.readTextFile(file)).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    assertEquals(first.id, again.id);
    assertEquals([first.attempt, again.attempt], [1, 2]);
  }));

Deno.test("recordEvent() starts a new line and says so when the last one is torn", () =>
  inFolder(async (folder) => {
    const file = join(folder, "audit.jsonl");
    await Deno.writeTextFile(file, '{"id":"whole"}\n{"id":"to');
    const { ctx, lines } = contextFor({ file });
    await recordEvent(sampleEvents.linkHangup(), ctx);
    await recordEvent(sampleEvents.gap(3, { sequence: 2 }), ctx);
    const written = (await Deno.readTextFile(file)).split("\n");
    assertEquals(written.slice(0, 2), ['{"id":"whole"}', '{"id":"to']);
    assertEquals(JSON.parse(written[2]!).type, "linkHangup");
    assertEquals(JSON.parse(written[3]!).gap.lost, 3);
    assertEquals(written[4], "");
    assertEquals(lines.map((line) => line.level), ["warn"]);
    assertMatch(lines[0]!.message, /cut off/);
  }));

Deno.test("recordEvent() keeps keepFiles old files and every file below maxBytes", () =>
  inFolder(async (folder) => {
    const file = join(folder, "audit.jsonl");
    const { ctx } = contextFor({ file, maxBytes: 4096, keepFiles: 2 });
    const events = Array.from(
      { length: 40 },
      (_, n) => sampleEvents.linkHangup({ sequence: n + 1 }),
    );
    for (const event of events) await recordEvent(event, ctx);
    assertEquals(await namesIn(folder), ["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2"]);
    const kept: string[] = [];
    for (const name of ["audit.jsonl.2", "audit.jsonl.1", "audit.jsonl"]) {
      assert((await Deno.stat(join(folder, name))).size <= 4096);
      kept.push(...await idsIn(join(folder, name)));
    }
    assertEquals(kept, events.slice(-kept.length).map((event) => event.id));
    assert(kept.length >= 8, `only ${kept.length} events were kept`);
  }));

Deno.test("recordEvent() writes on when the file was moved away by somebody else", () =>
  inFolder(async (folder) => {
    const file = join(folder, "audit.jsonl");
    const { ctx } = contextFor({ file });
    await recordEvent(sampleEvents.linkHangup(), ctx);
    await Deno.rename(file, join(folder, "taken"));
    const event = sampleEvents.linkHangup({ sequence: 2 });
    await recordEvent(event, ctx);
    assertEquals(await idsIn(file), [event.id]);
  }));

Deno.test("recordEvent() overruns, then fails and keeps the file whole when it cannot rotate", () =>
  inFolder(async (folder) => {
    const file = join(folder, "audit.jsonl");
    // A folder that is not empty cannot be replaced by a file.
    await Deno.mkdir(join(folder, "audit.jsonl.1", "in the way"), { recursive: true });
    const { ctx, lines } = contextFor({ file, maxBytes: 4096, keepFiles: 1 });
    const ids: string[] = [];
    const failure = await assertRejects(async () => {
      for (let sequence = 1;; sequence++) {
        const event = sampleEvents.linkHangup({ sequence });
        await recordEvent(event, ctx);
        ids.push(event.id);
      }
    }, Error);
    // Windows calls it a matter of rights.
    assertMatch(
      failure.message,
      /^Cannot rotate the audit log ".*audit\.jsonl": .+; (?:check "file"|let the account)/,
    );
    assertEquals(await idsIn(file), ids);
    const { size } = await Deno.stat(file);
    assert(size > 4096 && size <= 8192, `${size} bytes`);
    assert(lines.length > 0 && lines.every((line) => line.level === "warn"));
  }));

Deno.test("recordEvent() names file and remedy when the path leads through a file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "no folder"), "");
    const { ctx } = contextFor({ file: join(folder, "no folder", "audit.jsonl") });
    const failure = await assertRejects(() => recordEvent(sampleEvents.linkHangup(), ctx), Error);
    assertMatch(failure.message, /^Cannot \w+ the audit log ".*audit\.jsonl": .+; check "file"/);
  }));

testWhere("devFull", "recordEvent() names file and remedy when the disk is full", async () => {
  const { ctx } = contextFor({ file: "/dev/full" });
  const failure = await assertRejects(() => recordEvent(sampleEvents.linkHangup(), ctx), Error);
  assertMatch(failure.message, /^Cannot write the audit log "\/dev\/full": No space .+; make room/);
});
