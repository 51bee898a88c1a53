import { assert, assertEquals, assertMatch } from "@std/assert";
import { registryEntries, type RegistryEntry } from "../_testing/registry_entry.ts";
import { type PluginRun, runPlugin } from "../_testing/run_plugin.ts";
import { sampleEvents } from "../_testing/sample_events.ts";
import { withServer } from "./_test_server.ts";
import { webhookConfig } from "./config.ts";
import { worstCaseMs } from "./worst_case_ms.ts";

const events = [sampleEvents.linkHangup(), sampleEvents.gap(3, { sequence: 2 })];

async function ownEntry(): Promise<RegistryEntry> {
  const entries = await registryEntries(new URL("../registry.json", import.meta.url));
  return entries.find((entry) => entry.id === "webhook")!;
}

/** Runs it as the registry grants it, with the test's server in place of the example's. */
async function run(origin: string, net: string[], env = {}): Promise<PluginRun> {
  const entry = await ownEntry();
  return runPlugin({
    module: new URL("./mod.ts", import.meta.url),
    entry: {
      ...entry,
      permissions: { ...entry.permissions, net },
      config: { ...entry.config, url: `${origin}/onhook` },
    },
    events,
    folder: Deno.cwd(),
    env,
  });
}

Deno.test("webhook posts every event when it has the grants of the registry only", () =>
  withServer(() => new Response("ok"), async ({ origin, seen }) => {
    const env = { ONHOOK_WEBHOOK_TOKEN: "s3cr3t" };
    const { refused, failed, settled, lines, code, stderr } = await run(
      origin,
      [new URL(origin).host],
      env,
    );
    assertEquals([refused, failed, code], [undefined, [], 0], stderr);
    assertEquals(settled, events.map((event) => event.id));
    assertEquals(seen.map((request) => JSON.parse(request.body)), events);
    assertEquals(seen[0]!.headers.get("authorization"), "Bearer s3cr3t");
    assert(!JSON.stringify(lines).includes("s3cr3t"));
  }));

Deno.test("webhook fails at once and names the grant when its server is not granted", () =>
  withServer(() => new Response("ok"), async ({ origin, seen }) => {
    const { failed } = await run(origin, ["127.0.0.1:1"], { ONHOOK_WEBHOOK_TOKEN: "s3cr3t" });
    assertEquals(failed.length, events.length);
    for (const { error } of failed) {
      assertMatch(error, /no permission for 127\.0\.0\.1:\d+; grant it under "net"/);
    }
    assertEquals(seen, []);
  }));

Deno.test("webhook does not start and names the variable when the token is missing", () =>
  withServer(() => new Response("ok"), async ({ origin, seen }) => {
    const { refused } = await run(origin, [new URL(origin).host]);
    assertMatch(refused ?? "", /ONHOOK_WEBHOOK_TOKEN is not set; set it in the environment/);
    assertEquals(seen, []);
  }));

Deno.test("webhook has time for all its attempts when the registry's time limit is kept", async () => {
  const entry = await ownEntry();
  assertEquals(entry.enabled, false);
  assert(entry.timeoutMs * 0.9 > worstCaseMs(webhookConfig.parse(entry.config)));
});
