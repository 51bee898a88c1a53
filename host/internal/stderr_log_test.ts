import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stderrLog } from "./stderr_log.ts";

function linesOf(isReadable: boolean, say: (log: ReturnType<typeof stderrLog>) => void): string[] {
  const lines: string[] = [];
  say(stderrLog({ isReadable, isColored: false, write: (line) => lines.push(line) }));
  return lines;
}

Deno.test("stderrLog() writes one JSON object a line with plugin and event", () => {
  const [line] = linesOf(false, (log) => {
    log.info("down {x}", { plugin: "a", event: "e", sequence: 1, fields: { level: "fake" } });
  });
  const parsed = JSON.parse(line!);
  assertEquals(parsed.message, "down {x}");
  assertEquals(parsed.level, "INFO");
  assertEquals([parsed.plugin, parsed.event, parsed.fields], ["a", "e", { level: "fake" }]);
});

Deno.test("stderrLog() writes readable lines in which a plugin cannot move the cursor", () => {
  const [line] = linesOf(true, (log) => {
    log.warn("bad \u001b[2J", { plugin: "a", fields: { text: "x\u001b[2J", n: 1 } });
  });
  assertStringIncludes(line!, "warn  [a] bad ");
  assertStringIncludes(line!, "n=1");
  assertEquals(line!.includes("\u001b"), false);
});

Deno.test("stderrLog() writes braces as they stand, opening and closing ones", () => {
  for (const text of ["wanted }", "{", "}}", "{{}}", "{x} }", "} {", "a {} }} b"]) {
    const [line] = linesOf(false, (log) => log.error(text, { x: 1 }));
    assertEquals(JSON.parse(line!).message, text);
  }
});

Deno.test("stderrLog() leaves out what is below its level", () => {
  assertEquals(linesOf(true, (log) => log.debug("hidden")), []);
});

Deno.test("stderrLog() writes readable lines that a plugin cannot forge another one in", () => {
  const forged = "10:00:00.000 error [other] forged";
  const lines = linesOf(true, (log) => {
    const fields = { [`key\u001b[2J\n${forged}`]: `v\n${forged}`, stack: `S\n${forged}` };
    log.info(`text\r\n${forged}\u202e`, { plugin: "a", fields });
  });
  const shown = lines[0]!.trimEnd().split("\n");
  assertEquals(shown.filter((line) => !line.startsWith("    ")).length, 1);
  assertMatch(shown[0]!, /^\S+ info {2}\[a\] text\\u000d$/);
  // deno-lint-ignore no-control-regex
  assertEquals(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(lines[0]!), false);
});

Deno.test("stderrLog() keeps the text of JSON lines as it is", () => {
  const [line] = linesOf(false, (log) => log.info("a\nb\u001b", { plugin: "a" }));
  assertEquals(line!.split("\n").length, 2);
  assertEquals(JSON.parse(line!).message, "a\nb\u001b");
});

Deno.test("stderrLog() writes fields that nest as deep as a message of a plugin can", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 2000; i++) deep = [deep];
  for (const isReadable of [true, false]) {
    assertEquals(linesOf(isReadable, (log) => log.info("m", { fields: { deep } })).length, 1);
  }
});
