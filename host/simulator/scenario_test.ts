import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { makeScenario, type ScenarioSettings, type Step } from "./scenario.ts";

const day: ScenarioSettings = { count: 500, ports: 40, linksPerConnection: 1, storm: false };

const settings: fc.Arbitrary<ScenarioSettings> = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  ports: fc.integer({ min: 1, max: 60 }),
  linksPerConnection: fc.integer({ min: 1, max: 8 }),
  storm: fc.boolean(),
  reuseHandles: fc.boolean(),
  siteToSiteShare: fc.constantFrom(0, 0.3),
}).filter((s) => s.linksPerConnection <= s.ports);

/** Goes through a day as RAS documents it, and throws at the first step that is out of order. */
function check(steps: Iterable<Step>, ports: number): { hangups: number; connections: number } {
  const open = new Map<bigint, Set<bigint>>();
  const closing = new Set<bigint>();
  const used = new Set<bigint>();
  let hangups = 0;
  let connections = 0;
  for (const step of steps) {
    assert(step.kind !== "restart" && step.kind !== "wait", "nobody has asked for it");
    if ("connection" in step) {
      const handle = step.connection.connection;
      assertEquals(open.has(handle), step.kind !== "connect", `${step.kind} of ${handle}`);
      if (step.kind === "connect") {
        open.set(handle, new Set());
        connections++;
      } else if (step.kind === "disconnect") {
        assertEquals(open.get(handle)?.size, 0);
        open.delete(handle);
        closing.delete(handle);
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

const trouble: fc.Arbitrary<ScenarioSettings> = fc.tuple(
  settings,
  fc.record({
    refusedShare: fc.constantFrom(0, 0.1, 0.9),
    lostShare: fc.constantFrom(0, 0.1, 0.9),
    restarts: fc.integer({ min: 0, max: 5 }),
  }),
).map(([day, more]) => ({ ...day, ...more }));

Deno.test("makeScenario() hangs up only links that are up when there is trouble", () => {
  fc.assert(fc.property(trouble, fc.nat(), (settings, seed) => {
    // Which connection a port serves, and the place of the connection's beginning, by handle.
    let links = new Map<bigint, { connection: bigint; began: number }>();
    let connections = new Map<bigint, number>();
    let [place, hangups, restarts] = [0, 0, 0];
    for (const step of makeScenario(settings, seed)) {
      place++;
      if (step.kind === "restart") {
        [links, connections] = [new Map(), new Map()];
        restarts++;
      } else if (step.kind === "connect") {
        connections.set(step.connection.connection, place);
      } else if (step.kind === "link") {
        const { port, connection } = step.port0;
        links.set(port, { connection, began: connections.get(connection)! });
      } else if (step.kind === "hangup") {
        const { port, connection } = step.port0;
        assertEquals(links.get(port), { connection, began: connections.get(connection)! });
        links.delete(port);
        hangups++;
      } else if (step.kind !== "wait") {
        assert(connections.has(step.connection.connection), `${step.kind} of nobody`);
      }
    }
    assertEquals(hangups, settings.count);
    // A wave of hangups may take the rest of the day with it.
    assert(restarts <= settings.restarts!);
  }));
});

Deno.test("makeScenario() has every kind of trouble in a day when it is asked for", () => {
  const steps = [...makeScenario({
    ...day,
    linksPerConnection: 2,
    refusedShare: 0.1,
    lostShare: 0.05,
    siteToSiteShare: 0.1,
    reuseHandles: true,
    restarts: 2,
    users: 3,
  }, 1)];
  const of = (kind: Step["kind"]) => steps.filter((step) => step.kind === kind).length;
  const connects = steps.flatMap((step) => step.kind === "connect" ? [step.connection] : []);
  assert(of("connect") > day.count / 2 + 30, "refused and lost ones come besides");
  assert(of("link") > day.count && of("disconnect") < of("connect"));
  assertEquals(of("restart"), 2);
  assert(new Set(connects.map(({ connection }) => connection)).size < connects.length / 3);
  const routers = connects.filter(({ interfaceType }) => interfaceType === 2);
  assert(routers.length > 10 && routers.every((one) => one.userName === one.interfaceName));
  const people = connects.filter(({ interfaceType }) => interfaceType === 0);
  assertEquals(new Set(people.map(({ userName }) => userName)).size, 3);
});

Deno.test("makeScenario() leaves a day as it is when trouble comes besides", () => {
  const hangups = (more: Partial<ScenarioSettings>) =>
    [...makeScenario({ ...day, ...more }, 5)].filter((step) => step.kind === "hangup").length;
  assertEquals(hangups({}), hangups({ refusedShare: 0.5, lostShare: 0.5, restarts: 7 }));
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
