import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { eventSchema, type OnhookEvent } from "../events/schema.ts";
import { TemporaryJournal } from "../ffi/temporary_journal.ts";
import { InputError, NativeError } from "../internal/errors.ts";
import { ensureLibrary } from "../native/build.ts";
import { adversarialCallouts } from "./adversarial_callouts.ts";
import { adversarialConnections } from "./adversarial_connections.ts";
import { makeScenario } from "./scenario.ts";
import type { ScenarioFileInput } from "./scenario_file.ts";
import { startSimulator } from "./start_simulator.ts";

const libraryPath = await ensureLibrary();

async function drained(journal: TemporaryJournal): Promise<OnhookEvent[]> {
  await using reader = journal.open();
  return TemporaryJournal.drainAll(reader).events;
}

Deno.test("startSimulator() plays events with every field exact when adversarial", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const result = await startSimulator({
    libraryPath,
    journalPath: journal.path,
    adversarial: true,
  }).done;
  const events = await drained(journal);
  assertEquals([result?.hangups, result?.callouts, result?.refused], [7, events.length, 0]);
  assertEquals(events.map((event) => event.type), [
    "serviceStart",
    ...adversarialCallouts.map(() => "linkHangup" as const),
    ...adversarialCallouts.map(() => "linkUp" as const),
    ...adversarialConnections.map(({ type }) => type),
    "serviceStop",
  ]);
  const expected = [
    ...adversarialCallouts.map(({ name, expected }) => ({ name, port: expected })),
    ...adversarialCallouts.map(({ name, expected }) => ({ name, port: expected })),
    ...adversarialConnections.map(({ name, type, expected }) => ({
      name: `${type}: ${name}`,
      connection: expected,
    })),
  ];
  events.slice(1, -1).forEach((event, index) => {
    const { name, ...wanted } = expected[index]!;
    const { type: _type, id: _id, sequence: _sequence, time: _time, attempt: _, ...found } = event;
    // No host has seen it yet, so nobody knows whose it is.
    assertEquals<unknown>(found, { ...wanted, session: { source: "unknown" } }, name);
    eventSchema.parse(event);
  });
});

Deno.test("startSimulator() plays exactly the day of its seed when it is given one", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const options = {
    count: 300,
    ports: 32,
    linksPerConnection: 2,
    storm: true,
    siteToSiteShare: 0.2,
    lostShare: 0.1,
    reuseHandles: true,
  };
  const seed = 12345;
  const simulator = startSimulator({ libraryPath, journalPath: journal.path, seed, ...options });
  const result = await simulator.done;
  assertEquals([result?.hangups, result?.seed, result?.refused], [300, seed, 0]);
  const wanted = [...makeScenario(options, seed)].flatMap((step) =>
    step.kind === "hangup"
      ? [[step.port0.portName, step.port0.totalCalls, step.port1.traffic.bytesTransmitted]]
      : []
  );
  const found = (await drained(journal)).flatMap((event) =>
    event.type === "linkHangup"
      ? [[event.port.name, event.port.totalCalls, event.port.bytesTransmitted]]
      : []
  );
  assertEquals<unknown>(found, wanted);
});

Deno.test("startSimulator() plays the steps of a scenario when it is given one", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const scenario: ScenarioFileInput = {
    steps: [
      { do: "connect", as: "a", user: "Alice@corp.example", address: "10.20.0.7" },
      { do: "link", of: "a", port: "VPN2-0" },
      { do: "wait", milliseconds: 1 },
      { do: "restart" },
      { do: "connect", as: "b", user: "bob", domain: "CORP", handle: "0x10000" },
      { do: "hangup", of: "a", port: "VPN2-0", seconds: 7 },
      { do: "disconnect", of: "b" },
    ],
  };
  const result = await startSimulator({ libraryPath, journalPath: journal.path, scenario }).done;
  const events = await drained(journal);
  assertEquals(result?.callouts, events.length);
  const told = events.map((event) =>
    "connection" in event
      ? `${event.type} ${event.connection.handle} ${event.connection.account?.qualified}`
      : "port" in event
      ? `${event.type} ${event.port.connectionHandle} ${event.port.name}`
      : event.type
  );
  assertEquals<string[]>(told, [
    "serviceStart",
    "connectionUp 0x10000 alice@corp.example",
    "linkUp 0x10000 VPN2-0",
    "serviceStop",
    "serviceStart",
    "connectionUp 0x10000 CORP\\bob",
    "linkHangup 0x10000 VPN2-0",
    "connectionHangup 0x10000 CORP\\bob",
    "serviceStop",
  ]);
  const boots = events.map((event) => event.id.split("-")[0]);
  assertEquals(new Set(boots.slice(0, 4)).size, 1);
  assertEquals(new Set(boots.slice(4)).size, 1);
  assertNotEquals(boots[0], boots[4]);
});

Deno.test("startSimulator() says the seed when it has drawn one", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const { done } = startSimulator({ libraryPath, journalPath: journal.path, count: 1 });
  assert(Number.isInteger((await done)?.seed));
});

Deno.test("SimulatorHandle.stop() stops the service when a day would take long", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const simulator = startSimulator({
    libraryPath,
    journalPath: journal.path,
    count: 1_000_000,
    ratePerSecond: 100,
  });
  await using reader = journal.open();
  await reader.wait(20_000);
  await simulator.stop();
  const result = await simulator.done;
  assert(result !== undefined && result.hangups < 1_000_000);
  assertEquals(TemporaryJournal.drainAll(reader).events.at(-1)?.type, "serviceStop");
});

Deno.test("SimulatorHandle.kill() leaves no service stop when it kills the process", async () => {
  await using journal = await TemporaryJournal.make(libraryPath);
  const simulator = startSimulator({
    libraryPath,
    journalPath: journal.path,
    count: 1_000_000,
    ratePerSecond: 100,
  });
  await using reader = journal.open();
  await reader.wait(20_000);
  simulator.kill();
  assertEquals(await simulator.done, undefined);
  simulator.kill();
  await simulator.stop();
  const types = new Set(TemporaryJournal.drainAll(reader).events.map((event) => event.type));
  assertEquals(types.has("serviceStop"), false);
  assertEquals(types.has("serviceStart"), true);
});

Deno.test("startSimulator() rejects with the library's path when it is not there", async () => {
  const missing = "/nowhere/libonhook.so";
  const { done } = startSimulator({ libraryPath: missing, journalPath: "/nowhere/journal" });
  const error = await assertRejects(() => done, NativeError, missing);
  assert(error.message.includes("deno task build"), error.message);
});

Deno.test("startSimulator() throws before it starts a process when an option is wrong", () => {
  const error = assertThrows(
    () => startSimulator({ libraryPath, journalPath: "x", count: -1, linksPerConnection: 17 }),
    InputError,
  );
  assertEquals(error.problems.map((problem) => problem.place), ["count", "linksPerConnection"]);
});
