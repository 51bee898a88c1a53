import { assertEquals, assertRejects } from "@std/assert";
import type { LinkHangupEvent, PluginContext } from "onhook";
import plugin from "./mod.ts";

/** Hands an event over; `known` is what the host remembers of it. */
async function handOver(attempt: number, known: Map<string, unknown>): Promise<string[]> {
  const event: LinkHangupEvent = {
    type: "linkHangup",
    id: "00c0ffee00c0ffee-c0",
    sequence: 3,
    time: "2026-11-22T10:00:00.123456Z",
    attempt,
    port: { name: "VPN2-1", connectDurationSeconds: 60 },
  };
  const lines: string[] = [];
  const line = (message: string) => void lines.push(message);
  const once: PluginContext["once"] = async (key, action) => {
    if (!known.has(key)) known.set(key, await action());
    return known.get(key) as Awaited<ReturnType<typeof action>>;
  };
  await plugin.onLinkHangup?.(event, {
    plugin: "do-it-once",
    config: {},
    log: { debug: line, info: line, warn: line, error: line },
    signal: new AbortController().signal,
    once,
  });
  return lines;
}

Deno.test("onLinkHangup() charges once when the report fails and the event comes again", async () => {
  const known = new Map<string, unknown>();
  await assertRejects(() => handOver(1, known), Error, "the server is busy");
  assertEquals([...known], [["charge", "00c0ffee00c0ffee-c0/60"]]);
  assertEquals(await handOver(2, known), ["reported"]);
});
