import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { makeScenario, type ScenarioSettings, type Step } from "./scenario.ts";

const day: ScenarioSettings = { count: 500, ports: 40, linksPerConnection: 1, storm: false };

const settings: fc.Arbitrary<ScenarioSettings> = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  ports: fc.integer({ min: 1, max: 60 }),
  linksPerConnection: fc.integer({ min: 1, max: 8 }),
  storm: fc.boolean(),
}).filter((s) => s.linksPerConnection <= s.ports);

/** Goes through a day as RAS documents it, and throws at the first step that is out of order. */
function check(steps: Iterable<Step>, ports: number): { hangups: number; connections: number } {
  const open = new Map<bigint, Set<bigint>>();
  const closing = new Set<bigint>();
  const used = new Set<bigint>();
  let hangups = 0;
  let connections = 0;
  for (const step of steps) {
    if ("connection" in step) {
      const handle = step.connection.connection;
      assertEquals(open.has(handle), step.kind !== "connect", `${step.kind} of ${handle}`);
      if (step.kind === "connect") {
        open.set(handle, new Set());
        connections++;
      } else if (step.kind === "disconnect") {
        assertEquals(open.get(handle)?.size, 0);
        open.delete(handle);
      }
      continue;
    }
    const { connection, port } = step.port0;
    assertEquals([step.port1.connection, step.port1.port], [connection, port]);
    const links = open.get(connection);
    assert(links, `a link of ${connection}, which is not connected`);
    if (step.kind === "link") {
      assert(!used.has(port) && !closing.has(connection));
      used.add(port);
      links.add(port);
    } else {
      assert(links.delete(port) && used.delete(port));
      closing.add(connection);
      hangups++;
    }
    assert(used.size <= ports);
  }
  assertEquals(open.size, 0);
  return { hangups, connections };
}

Deno.test("makeScenario() keeps RAS's order and the count when the options are any", () => {
  fc.assert(fc.property(settings, fc.nat(), (settings, seed) => {
    assertEquals(check(makeScenario(settings, seed), settings.ports).hangups, settings.count);
  }));
});

Deno.test("makeScenario() gives the same day again when the seed is the same", () => {
  assertEquals([...makeScenario(day, 7)], [...makeScenario(day, 7)]);
  assertNotEquals([...makeScenario(day, 7)], [...makeScenario(day, 8)]);
});

Deno.test("makeScenario() gives every connection its links when there are several", () => {
  const multilink = { ...day, count: 400, linksPerConnection: 4 };
  assertEquals(check(makeScenario(multilink, 1), day.ports), { hangups: 400, connections: 100 });
});

Deno.test("makeScenario() takes all ports down in a row when it is a storm", () => {
  const steps = [...makeScenario({ ...day, count: 80, storm: true }, 1)];
  const kinds = steps.filter((s) => s.kind === "link" || s.kind === "hangup").map((s) => s.kind);
  const waves = kinds.join(" ").match(/(link ?)+|(hangup ?)+/g)!.map((w) => w.trim().split(" "));
  assertEquals(waves.map((w) => [w[0], w.length]), [
    ["link", 40],
    ["hangup", 40],
    ["link", 40],
    ["hangup", 40],
  ]);
  assertEquals(steps.filter((s) => s.kind === "hangup" && s.paced).length, 2);
});

Deno.test("makeScenario() gives numbers that fit their fields when a day is long", () => {
  let wrapped = 0;
  for (const step of makeScenario({ ...day, count: 5000 }, 3)) {
    if (step.kind !== "hangup") continue;
    const { traffic } = step.port1;
    for (const value of Object.values(traffic)) {
      assert(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff);
    }
    const { portName, deviceName } = step.port0;
    assert(portName.length <= 16 && deviceName.startsWith("WAN Miniport ("));
    assert(step.port0.connectDurationSeconds >= 1);
    // Every byte comes in a frame, so fewer bytes than frames means that the bytes have wrapped.
    if (traffic.bytesTransmitted < traffic.framesTransmitted) wrapped++;
  }
  assert(wrapped > 0, "no counter has wrapped in a long day");
});
