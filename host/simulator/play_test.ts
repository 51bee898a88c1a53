import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Clock } from "../internal/clock.ts";
import { InputError, NativeError } from "../internal/errors.ts";
import type { AdminDll } from "./admin_dll.ts";
import { adversarialCallouts } from "./adversarial_callouts.ts";
import { adversarialConnections } from "./adversarial_connections.ts";
import { play } from "./play.ts";
import { readSimulatorOptions } from "./read_simulator_options.ts";
import type { SimulatorOptions } from "./simulator_options.ts";

type Callout = [name: string, ...args: unknown[]];

/** A DLL that writes down what it is called with. */
function fakeDll(
  callouts: Callout[],
  results: Record<string, (...args: unknown[]) => number> = {},
): AdminDll {
  const symbols = new Proxy({}, {
    get: (_, name: string) => (...args: unknown[]) => {
      callouts.push([name, ...args]);
      return results[name]?.(...args) ?? (name.includes("Accept") ? 1 : 0);
    },
  });
  return { symbols, close() {} } as unknown as AdminDll;
}

/** A clock whose timers fire at once and move its time on. */
function fastClock(): Clock {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    startTimer(delayMs, fire) {
      time += delayMs;
      queueMicrotask(fire);
      return { cancel() {} };
    },
    soon: (work) => work(),
  };
}

function settingsOf(options: Partial<SimulatorOptions>) {
  const settings = readSimulatorOptions(JSON.stringify({ libraryPath: "x", seed: 1, ...options }));
  return { ...settings, seed: 1 };
}

const short = (name: string) => name.replace("MprAdmin", "");

Deno.test("play() makes the callouts of one session in RAS's order when it is alone", async () => {
  const callouts: Callout[] = [];
  const settings = settingsOf({ count: 2, ports: 2, linksPerConnection: 2 });
  const result = await play({ settings, dll: fakeDll(callouts), clock: fastClock() });
  assertEquals(callouts.map(([name]) => short(name)), [
    "InitializeDll",
    "AcceptNewConnection2",
    "AcceptNewLink",
    "AcceptNewLink",
    "LinkHangupNotification",
    "LinkHangupNotification",
    "ConnectionHangupNotification2",
    "TerminateDll",
  ]);
  assertEquals(
    callouts.map(([, ...args]) => args.map((bytes) => (bytes as Uint8Array).length)),
    [[], [1128, 296, 848], [392, 72], [392, 72], [392, 72], [392, 72], [1128, 296, 848], []],
  );
  assertEquals({ ...result, seconds: 0 }, {
    hangups: 2,
    callouts: 8,
    seconds: 0,
    seed: 1,
    refused: 0,
  });
});

Deno.test("play() makes no callouts of connections when only hangups are wanted", async () => {
  const callouts: Callout[] = [];
  const settings = settingsOf({ count: 3, hangupsOnly: true });
  const result = await play({ settings, dll: fakeDll(callouts), clock: fastClock() });
  assertEquals(callouts.map(([name]) => short(name)), [
    "InitializeDll",
    ...Array(3).fill("LinkHangupNotification"),
    "TerminateDll",
  ]);
  assertEquals([result.hangups, result.callouts], [3, 5]);
});

Deno.test("play() stops and starts the service when it restarts", async () => {
  const callouts: Callout[] = [];
  const settings = settingsOf({ count: 30, ports: 4, restarts: 2 });
  const result = await play({ settings, dll: fakeDll(callouts), clock: fastClock() });
  const names = callouts.map(([name]) => short(name));
  const life = names.filter((name) => name.endsWith("Dll"));
  assertEquals(life, Array(3).fill(["InitializeDll", "TerminateDll"]).flat());
  assertEquals([result.hangups, result.callouts], [30, callouts.length]);
});

Deno.test("play() takes as long as the rate wants when it is given", async () => {
  const settings = settingsOf({ count: 1000, ratePerSecond: 100 });
  const progress: number[] = [];
  const result = await play({
    settings,
    dll: fakeDll([]),
    clock: fastClock(),
    onProgress: (hangups) => progress.push(hangups),
  });
  assert(Math.abs(result.seconds - 9.99) < 0.02, `took ${result.seconds} s`);
  assertEquals(progress.at(-1), 1000);
  assert(progress.length > 10);
});

Deno.test("play() plays all adversarial callouts as they are when it is adversarial", async () => {
  const callouts: Callout[] = [];
  const settings = settingsOf({ adversarial: true });
  await play({ settings, dll: fakeDll(callouts), clock: fastClock() });
  assertEquals(adversarialCallouts.length, 7);
  assertEquals(callouts, [
    ["MprAdminInitializeDll"],
    ...adversarialCallouts.map((c): Callout => [
      "MprAdminLinkHangupNotification",
      c.port0,
      c.port1,
    ]),
    ...adversarialCallouts.map((c): Callout => ["MprAdminAcceptNewLink", c.port0, c.port1]),
    ...adversarialConnections.map((c): Callout => {
      const [first, second, third, fourth] = c.structures;
      return c.type === "reauthentication"
        ? ["MprAdminAcceptReauthentication", first, second, third, fourth]
        : c.type === "connectionUp"
        ? ["MprAdminAcceptNewConnection2", first, second, third]
        : ["MprAdminConnectionHangupNotification2", first, second, third];
    }),
    ["MprAdminTerminateDll"],
  ]);
});

Deno.test("play() stops the service when it is aborted", async () => {
  const callouts: Callout[] = [];
  const stop = new AbortController();
  const dll = fakeDll(callouts, {
    MprAdminLinkHangupNotification: () => {
      stop.abort();
      return 0;
    },
  });
  const result = await play({
    settings: settingsOf({ count: 1000 }),
    dll,
    clock: fastClock(),
    signal: stop.signal,
  });
  assertEquals(result.hangups, 1);
  assertEquals(callouts.at(-1), ["MprAdminTerminateDll"]);
});

Deno.test("play() makes no further callout of a connection when the DLL refuses it", async () => {
  const callouts: Callout[] = [];
  const dll = fakeDll(callouts, { MprAdminAcceptNewConnection2: () => 0 });
  const result = await play({ settings: settingsOf({ count: 9 }), dll, clock: fastClock() });
  assertEquals([result.hangups, result.refused], [0, 9]);
  assertEquals(new Set(callouts.map(([name]) => short(name))).size, 3);
});

Deno.test("play() throws when the DLL does not let the service start", async () => {
  const dll = fakeDll([], { MprAdminInitializeDll: () => 5 });
  await assertRejects(
    () => play({ settings: settingsOf({}), dll, clock: fastClock() }),
    NativeError,
    "Cannot start the service: MprAdminInitializeDll gave 5",
  );
});

Deno.test("readSimulatorOptions() names every problem when several options are wrong", () => {
  const options = { libraryPath: "x", count: 0, ports: 1.5, typo: 1 };
  const error = assertThrows(() => readSimulatorOptions(JSON.stringify(options)), InputError);
  assertEquals(error.problems.map((p) => [p.place, p.found]), [
    ["count", "0"],
    ["ports", "1.5"],
    ["(all)", JSON.stringify(options)],
  ]);
  assertThrows(() => readSimulatorOptions("{"), InputError, "found {");
});
