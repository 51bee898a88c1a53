import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../internal/errors.ts";
import { readScenarioFile } from "./read_scenario_file.ts";
import { scenarioSteps } from "./scenario_steps.ts";

/** A session of two links, a handle that is used again by a router, and trouble. */
const file = {
  steps: [
    { do: "connect", as: "a", user: "CORP\\alice", domain: "CORP", multilink: true },
    { do: "link", of: "a", port: "VPN2-0" },
    { do: "link", of: "a", port: "VPN2-1" },
    { do: "reauthenticate", of: "a" },
    { do: "hangup", of: "a", port: "VPN2-1", seconds: 60, bytesTransmitted: 2001 },
    { do: "hangup", of: "a", port: "VPN2-0", seconds: 61, bytesReceived: 4294967295 },
    { do: "disconnect", of: "a", seconds: 61, bytesTransmitted: 2001 },
    { do: "wait", milliseconds: 5 },
    { do: "connect", as: "b", user: "Branch-Gent", router: true, handle: "0x10000" },
    { do: "link", of: "b", port: "VPN2-0" },
    { do: "restart" },
    { do: "connect", as: "c", user: "carol", address: "10.20.0.9" },
  ],
};

Deno.test("scenarioSteps() gives the callouts of a file in its order", () => {
  const steps = [...scenarioSteps(readScenarioFile(JSON.stringify(file), "x.json"))];
  assertEquals(steps.map((step) => step.kind), file.steps.map((step) => step.do) as unknown);
  const connections = steps.flatMap((step) => step.kind === "connect" ? [step.connection] : []);
  assertEquals(connections.map((one) => one.connection), [0x10000n, 0x10000n, 0x10004n]);
  assertEquals(connections.map((one) => one.interfaceType), [0, 2, 0]);
  assertEquals(connections.map((one) => one.interfaceName), ["", "Branch-Gent", ""]);
  assertEquals(connections.map((one) => one.multilink), [true, false, false]);
  assertEquals(connections[2]!.clientAddress, "10.20.0.9");
  const ports = steps.flatMap((step) => "port0" in step ? [step] : []);
  assertEquals(ports.map(({ port0 }) => [port0.port, port0.totalCalls]), [
    [0x100n, 1],
    [0x104n, 1],
    [0x104n, 1],
    [0x100n, 1],
    [0x100n, 2],
  ]);
  const [, , second, first] = ports;
  assertEquals(second!.port1.traffic.bytesTransmitted, 2001);
  assertEquals(second!.port1.traffic.framesTransmitted, 3);
  assertEquals(first!.port1.traffic.bytesReceived, 4294967295);
  assertEquals(first!.port0.connectDurationSeconds, 61);
});

Deno.test("readScenarioFile() names every problem when a file is wrong", () => {
  const steps = [
    { do: "link", of: "nobody", port: "VPN2-0" },
    { do: "connect", as: "a", user: "alice" },
    { do: "hangup", of: "b", port: "VPN2-0" },
  ];
  const unknown = assertThrows(
    () => readScenarioFile(JSON.stringify({ steps }), "x.json"),
    InputError,
  );
  assertEquals(unknown.problems.map(({ source, place, found }) => [source, place, found]), [
    ["x.json", "steps[0].of", '"nobody"'],
    ["x.json", "steps[2].of", '"b"'],
  ]);
  const wrong = [
    { do: "connect", as: "a", user: "x".repeat(258), handle: "65536" },
    { do: "jump" },
    { do: "wait", milliseconds: -1 },
    { do: "restart", at: 5 },
  ];
  const error = assertThrows(
    () => readScenarioFile(JSON.stringify({ steps: wrong }), "x.json"),
    InputError,
  );
  assertEquals(error.problems.map(({ place }) => place), [
    "steps[0].user",
    "steps[0].handle",
    "steps[1].do",
    "steps[2].milliseconds",
    "steps[3]",
  ]);
  assertThrows(() => readScenarioFile("{", "x.json"), InputError, "x.json: the file: found");
  assertThrows(() => readScenarioFile('{"steps":[]}', "x.json"), InputError, "steps");
});
