import { assertEquals } from "@std/assert";
import type { LinkHangupEvent, Port } from "onhook";
import plugin from "./mod.ts";

/** Calls the handler as the host does and gives back what it logged. */
async function loggedFor(port: Port): Promise<unknown[]> {
  const event: LinkHangupEvent = {
    type: "linkHangup",
    id: "00c0ffee00c0ffee-40",
    sequence: 1,
    time: "2026-11-22T10:00:00.123456Z",
    attempt: 1,
    port,
  };
  const lines: unknown[] = [];
  const line = (message: string, fields?: unknown) => void lines.push([message, fields]);
  await plugin.onLinkHangup?.(event, {
    plugin: "test-without-windows",
    config: {},
    log: { debug: line, info: line, warn: line, error: line },
    once: async (_key, action) => await action(),
    signal: new AbortController().signal,
  });
  return lines;
}

Deno.test("onLinkHangup() logs the sum when the counters are sure", async () => {
  const port = { name: "VPN2-1", bytesTransmitted: 2 ** 20, bytesReceived: 2 ** 19 };
  assertEquals(await loggedFor({ ...port, countersMayHaveWrapped: false }), [
    ["traffic", { port: "VPN2-1", traffic: "1.5 MiB" }],
  ]);
});

Deno.test("onLinkHangup() says at least when the counters may have wrapped", async () => {
  const port = { name: "VPN2-1", bytesTransmitted: 0, bytesReceived: 2 ** 20 };
  assertEquals(await loggedFor({ ...port, countersMayHaveWrapped: true }), [
    ["traffic", { port: "VPN2-1", traffic: "at least 1.0 MiB" }],
  ]);
});

Deno.test("onLinkHangup() says unknown when RAS gave no counters", async () => {
  assertEquals(await loggedFor({}), [["traffic", { port: undefined, traffic: "unknown" }]]);
});
