import { assert, assertEquals } from "@std/assert";
import { CalloutThreads, type SessionStep } from "./callout_threads.ts";
import type { LoadedDll } from "./load_admin_dlls.ts";
import { rasLayout } from "./ras_layout.ts";
import { makeScenario } from "./scenario.ts";

interface Call {
  readonly dll: string;
  readonly name: string;
  readonly connection: bigint;
}

/** DLLs that write down who is called for whom; `answer` is what they say. */
function fakeDlls(names: readonly string[], answer: (call: Call) => number = () => 1) {
  const calls: Call[] = [];
  const inside = new Map<string, number>();
  let together = 0;
  const called = (dll: string, name: string) => async (first: Uint8Array<ArrayBuffer>) => {
    const isPort = /Link/.test(name);
    const at = isPort ? rasLayout.port0.connection : rasLayout.connection0.connection;
    const connection = new DataView(first.buffer).getBigUint64(at, true);
    const group = name.replace(/Accept|New|HangupNotification2?|2|MprAdmin/g, "") + isPort;
    const lock = isPort ? name : group;
    inside.set(lock, (inside.get(lock) ?? 0) + 1);
    assertEquals(inside.get(lock), 1, `${name} is called twice at the same time`);
    together = Math.max(together, [...inside.values()].reduce((sum, one) => sum + one, 0));
    calls.push({ dll, name, connection });
    for (let i = 0; i < connection % 5n; i++) await Promise.resolve();
    inside.set(lock, 0);
    return answer({ dll, name, connection });
  };
  const dlls = names.map((dll) => ({
    path: dll,
    symbols: Object.fromEntries(
      [
        "MprAdminAcceptNewConnection2",
        "MprAdminAcceptNewLink",
        "MprAdminAcceptReauthentication",
        "MprAdminLinkHangupNotification",
        "MprAdminConnectionHangupNotification2",
      ].map((name) => [name, called(dll, name)]),
    ),
  })) as unknown as LoadedDll[];
  return { dlls, calls, together: () => together };
}

async function play(dlls: readonly LoadedDll[]): Promise<CalloutThreads> {
  const threads = new CalloutThreads(dlls);
  const day = makeScenario({ count: 300, ports: 40, linksPerConnection: 2, storm: false }, 7);
  for (const step of day) await threads.begin(step as SessionStep);
  await threads.idle();
  return threads;
}

Deno.test("CalloutThreads.begin() keeps each session in order and calls every DLL in order", async () => {
  const { dlls, calls, together } = fakeDlls(["a", "b", "c"]);
  const threads = await play(dlls);
  assertEquals([threads.hangups, calls.length], [300, threads.callouts * 3]);
  for (const [, ofOne] of Map.groupBy(calls, ({ connection }) => connection)) {
    const first = ofOne.slice(0, 3);
    assertEquals(first.map(({ dll }) => dll), ["a", "b", "c"]);
    assert(first.every(({ name }) => name === "MprAdminAcceptNewConnection2"));
    assertEquals(ofOne.at(-1)!.name, "MprAdminConnectionHangupNotification2");
  }
  assert(together() > 1, "several callouts were under way at the same time");
});

Deno.test("CalloutThreads.begin() makes no further callout when any DLL has refused", async () => {
  const { dlls, calls } = fakeDlls(
    ["a", "b"],
    ({ dll, connection }) => dll === "b" && connection % 8n === 0n ? 0 : 1,
  );
  const threads = await play(dlls);
  assert(threads.refused > 0);
  for (const [connection, ofOne] of Map.groupBy(calls, ({ connection }) => connection)) {
    if (connection % 8n !== 0n) continue;
    const names = new Set(ofOne.map(({ name }) => name));
    assertEquals([...names], ["MprAdminAcceptNewConnection2"], String(connection));
  }
});
