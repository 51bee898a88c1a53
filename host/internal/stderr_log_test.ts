import { assertEquals, assertStringIncludes } from "@std/assert";
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

Deno.test("stderrLog() leaves out what is below its level", () => {
  assertEquals(linesOf(true, (log) => log.debug("hidden")), []);
});
