import { SimWorld } from "./sim_world.ts";

/** What came of one simulation. */
export interface SimulationResult {
  readonly seed: number;
  /** The rules that were broken; empty when all held. */
  readonly broken: readonly string[];
  /** What was done and what the host said, in order, with the time. */
  readonly story: readonly string[];
  /** Events that came. */
  readonly events: number;
  /** Times that the host was started. */
  readonly starts: number;
  /** How long it took by its own clock. */
  readonly simulatedMs: number;
}

/** What can happen, and how often compared with the rest. */
const DEEDS = {
  come: 10,
  wait: 20,
  temper: 2,
  freeze: 2,
  shoot: 3,
  storeFault: 2,
  storeWhole: 3,
  clock: 1,
  reboot: 1,
  release: 2,
  redrive: 2,
  mend: 1,
  stop: 1,
  kill: 2,
  killLater: 3,
  power: 1,
  edit: 2,
  start: 12,
} as const;

/** How long everything may take once nothing goes wrong any more, in milliseconds. */
const CALM_LIMIT_MS = 120_000;

/**
 * Runs the production code through faults that a seed decides on, then lets it finish, and holds
 * the delivery rules against all of it.
 *
 * @param seed A whole number; the same one gives the same run.
 * @param folder An empty folder, best in memory.
 */
export async function simulate(seed: number, folder: string): Promise<SimulationResult> {
  using world = new SimWorld(seed, folder);
  const { random, rules } = world;
  const steps = random.whole(10, 120);
  let starts = 1;
  await world.start();
  for (let step = 0; step < steps && rules.broken.length === 0; step++) {
    const deed = random.weighted(DEEDS);
    if (deed === "start" && world.life === undefined) starts++;
    world.say(`» ${deed}`);
    await act(world, deed);
    world.check();
  }
  if (rules.broken.length === 0) await finish(world);
  return {
    seed,
    broken: rules.broken,
    story: world.said,
    events: world.journal.records.length,
    starts,
    simulatedMs: world.time.nowMs,
  };
}

async function act(world: SimWorld, deed: keyof typeof DEEDS): Promise<void> {
  const { random, time } = world;
  switch (deed) {
    case "come":
      world.come(random.whole(1, 25));
      return await time.advance(0);
    case "wait":
      return await time.advance(random.chance(0.7) ? random.whole(0, 400) : random.whole(0, 6000));
    case "clock":
      time.wallStepMs += random.whole(-48, 48) * 3_600_000;
      return;
    case "start":
      await world.start();
      return await time.advance(0);
    case "stop":
      return await world.stop();
    case "kill":
    case "power":
      return world.kill(deed === "kill");
    default:
      return disturb(world, deed);
  }
}

function disturb(world: SimWorld, deed: keyof typeof DEEDS): void {
  const { random, life } = world;
  const process = random.pick([...life?.processes ?? [], undefined]);
  switch (deed) {
    case "temper":
      return world.changeTemper(random.pick(world.plugins).id);
    case "freeze":
      return process?.freeze(random.whole(100, 3000));
    case "shoot":
      return process?.die(137);
    case "storeFault":
      world.storeFault = {
        kind: random.pick(["busy", "full", "io"]),
        share: random.pick([0.01, 0.1, 1]),
      };
      return;
    case "storeWhole":
      world.storeFault = undefined;
      return;
    case "reboot":
      return world.journal.reboot();
    case "mend":
      return world.mend();
    case "killLater":
      if (life !== undefined) life.dieAfter = random.whole(1, 60);
      return;
    case "edit":
      return world.edit();
    case "release":
    case "redrive":
      return world.ask(deed);
  }
}

/** Nothing goes wrong any more: what waits has to be done in time, and then all is looked at. */
async function finish(world: SimWorld): Promise<void> {
  const { time, rules } = world;
  world.say("» calm");
  await world.calmDown();
  const limitMs = time.nowMs + CALM_LIMIT_MS;
  while (!world.life!.isDone && time.nowMs < limitMs && rules.broken.length === 0) {
    await time.advance(500);
    world.check();
  }
  if (!world.life!.isDone) {
    const states = world.plugins.map(({ id }) => `${id} ${world.stateOf(id)}`).join(", ");
    rules.fail("finished", `work is left ${CALM_LIMIT_MS} ms after all was well (${states})`);
  }
  world.life!.look((view) => rules.finished(view));
  await world.stop();
}
