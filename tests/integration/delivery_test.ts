/** The main job from the callouts to the plugins, with real processes and a real store. */
import { assert, assertEquals } from "@std/assert";
import type { LinkHangupEvent, Port } from "onhook";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { playCtrlC } from "../support/play_ctrl_c.ts";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

const THREE = ["first", "second", "third"];

async function worldOfThree(): Promise<TestWorld> {
  const world = await TestWorld.make([]);
  await world.writeRegistry(THREE.map((id) => world.recorder(id)));
  return world;
}

Deno.test("a hangup reaches three plugins in registry order, every field exact", async () => {
  await using world = await worldOfThree();
  await using host = await world.startHost();
  await world.play({ adversarial: true });
  await host.until(() => world.distinct("third") === 9, "all plugins have nine events");
  const records = world.recorded();
  for (let sequence = 1; sequence <= 9; sequence++) {
    const order = records.filter(({ event }) => event.sequence === sequence);
    assertEquals(order.map(({ plugin }) => plugin), THREE, `event ${sequence}`);
    for (const { event } of order) assertEquals({ ...event }, { ...order[0]!.event });
  }
  const ports = world.recorded("third").map(({ event }) => event)
    .filter((event): event is LinkHangupEvent => event.type === "linkHangup")
    .map(({ port }) => port);
  assertEquals(ports.length, 7);
  checkAdversarial(ports);
});

/** The seven callouts, compared with what the structures were given. */
function checkAdversarial(ports: readonly Port[]): void {
  const [normal, full, ones, surrogate, noPort1, noPort0, none] = ports as [
    Port,
    Port,
    Port,
    Port,
    Port,
    Port,
    Port,
  ];
  assert(normal.name !== undefined && normal.errors !== undefined);
  assertEquals(
    [full.name, full.mediaName, full.deviceName, full.deviceType].map((text) => text?.length),
    [17, 17, 129, 17],
    "arrays that are full without a terminator",
  );
  const most = 0xffff_ffff;
  assertEquals(
    [ones.bytesTransmitted, ones.bytesReceived, ones.framesTransmitted, ones.framesReceived],
    [most, most, most, most],
  );
  assertEquals(Object.values(ones.errors!), [most, most, most, most, most, most]);
  assertEquals([ones.compressionRatioIn, ones.lineSpeedBitsPerSecond], [most, most]);
  assertEquals(ones.countersMayHaveWrapped, true);
  assert(surrogate.name!.includes("\ufffd") || surrogate.deviceName!.includes("\ufffd"));
  assert(surrogate.condition!.startsWith("unknown("));
  assert(surrogate.hardwareCondition!.startsWith("unknown("));
  assertEquals([noPort1.errors, noPort1.bytesReceived], [undefined, undefined]);
  assert(noPort1.name !== undefined);
  assertEquals([noPort0.name, noPort0.condition], [undefined, undefined]);
  assert(noPort0.errors !== undefined && noPort0.handle !== undefined);
  assertEquals(none, {});
}

Deno.test("nothing is lost and order holds while the host is killed three times", async () => {
  await using world = await worldOfThree();
  const count = 3000;
  const simulator = startSimulator({
    libraryPath: world.libraryPath,
    journalPath: world.journal,
    count,
    ratePerSecond: 1000,
    hangupsOnly: true,
    progress: false,
  });
  for (let kill = 1; kill <= 3; kill++) {
    const host = await world.startHost();
    await host.until(() => world.recorded("third").length >= kill * 300, `kill ${kill} is due`);
    await host.kill();
  }
  await using host = await world.startHost();
  await simulator.done;
  const all = count + 2;
  for (const id of THREE) {
    await host.until(() => world.distinct(id) === all, `${id} has all ${all} events`);
  }
  for (const id of THREE) {
    const seen = new Set<number>();
    const first: number[] = [];
    for (const { event } of world.recorded(id)) {
      if (!seen.has(event.sequence)) first.push(event.sequence);
      else assert(event.attempt > 1, `event ${event.sequence} came again unsaid`);
      seen.add(event.sequence);
    }
    assertEquals(first, Array.from({ length: all }, (_, i) => i + 1), `first deliveries to ${id}`);
    const ids = new Map(world.recorded(id).map(({ event }) => [event.sequence, event.id]));
    assertEquals(new Set(ids.values()).size, all, "an event keeps its id, and only one has it");
  }
});

Deno.test("hangups from before the first start of the host are delivered", async () => {
  await using world = await worldOfThree();
  await world.play({ count: 50, seed: 1 });
  await using host = await world.startHost();
  await host.until(() => world.distinct("third") === 52, "all events of before are there");
});

Deno.test("a stop finishes what is in hand and loses nothing", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("slow", { delayMs: 300 })]);
  const first = await world.startHost();
  await world.play({ count: 3, seed: 1 });
  await first.until(() => world.recorded().length === 1, "one event is done");
  assertEquals(await first.stop(), 0);
  assertEquals(first.log.filter(({ level }) => level === "ERROR"), []);
  await using second = await world.startHost();
  await second.until(() => world.distinct("slow") === 5, "the rest is done");
  const attempts = world.recorded().map(({ event }) => event.attempt);
  assertEquals(attempts, [1, 1, 1, 1, 1], "what was in hand was finished, the rest never begun");
});

testWhere(
  "signals",
  "Ctrl+C, which reaches the plugins too, lets them finish and run onStop",
  playCtrlC,
);
