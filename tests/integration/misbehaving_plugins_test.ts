/** One named test for each way a plugin can misbehave; each time its neighbours lose nothing. */
import { assert, assertEquals } from "@std/assert";
import type { HostProcess, LogLine } from "../support/host_process.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

const HANGUPS = 20;
const ALL = HANGUPS + 2;
/** Sequence of the event that it misbehaves on. */
const BAD_AT = 6;

/**
 * Puts a plugin between two that record, plays a small day and waits until both neighbours have
 * everything.
 */
async function besideNeighbours(
  bad: Omit<TestPlugin, "id">,
  check: (host: HostProcess, world: TestWorld) => Promise<void> | void,
  args: readonly string[] = [],
): Promise<void> {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    world.recorder("before"),
    { id: "bad", timeoutMs: 500, ...bad },
    world.recorder("after"),
  ]);
  await using host = await world.startHost(["--backoff-first-ms=20", ...args]);
  await world.play({ count: HANGUPS, seed: 7 });
  for (const id of ["before", "after"]) {
    await host.until(() => world.distinct(id) === ALL, `${id} has all events`);
  }
  await check(host, world);
  assertEquals(await host.stop(), 0);
}

const misbehave = (how: string): Omit<TestPlugin, "id"> => ({
  file: "misbehave",
  config: { how, at: BAD_AT },
});

/** The one event that the plugin failed on is told with its id, and only that one. */
function failures(host: HostProcess): LogLine[] {
  return host.log.filter(({ plugin, level, event }) =>
    plugin === "bad" && level === "ERROR" && event !== undefined
  );
}

function assertOneFailure(host: HostProcess, words: string): void {
  const lines = failures(host);
  assertEquals(lines.length, 1, host.stderr);
  assert(lines[0]!.message.includes(words), lines[0]!.message);
  assertEquals(lines[0]!.sequence, BAD_AT);
}

Deno.test("a plugin in an endless loop is killed at its time limit; the others lose nothing", () =>
  besideNeighbours(misbehave("endlessLoop"), (host) => {
    assertOneFailure(host, "took longer than timeoutMs (500)");
  }));

Deno.test(
  "a plugin in an endless chain of microtasks is killed at its time limit",
  () =>
    besideNeighbours(misbehave("endlessMicrotasks"), (host) => {
      assertOneFailure(host, "took longer than timeoutMs (500)");
    }),
);

Deno.test(
  "a plugin that never answers is killed at its time limit",
  () =>
    besideNeighbours(misbehave("neverAnswers"), (host) => {
      assertOneFailure(host, "took longer than timeoutMs (500)");
    }),
);

Deno.test("a plugin that exhausts its memory dies alone, and the message names the limit", () =>
  besideNeighbours({ ...misbehave("memory"), memoryMb: 64, timeoutMs: 30_000 }, (host) => {
    assertOneFailure(host, "out of memory (memoryMb 64)");
  }));

for (const how of ["arrayBuffers", "buffersAtOnce", "forkBomb"]) {
  Deno.test(`a plugin that hoards memory outside of its heap dies alone (${how})`, () => {
    const limits = { memoryMb: 64, residentMb: 200, timeoutMs: 30_000 };
    return besideNeighbours({ ...misbehave(how), ...limits }, (host) => {
      assertOneFailure(host, "MiB of memory, more than 200 (residentMb)");
    });
  });
}

Deno.test("a plugin that hoards strings dies alone of one of its limits of memory", () => {
  const limits = { memoryMb: 64, residentMb: 300, timeoutMs: 30_000 };
  return besideNeighbours({ ...misbehave("strings"), ...limits }, (host) => {
    const [line] = failures(host);
    assert(/\((memoryMb 64|residentMb)\)/.test(line!.message), line!.message);
    assertEquals([failures(host).length, line!.sequence], [1, BAD_AT]);
  });
});

testWhere(
  "signals",
  "a plugin that aborts is reported with the signal",
  () => besideNeighbours(misbehave("abort"), (host) => assertOneFailure(host, "signal SIGABRT")),
);

Deno.test("a plugin that exits is started again and goes on behind the event it exited on", () =>
  besideNeighbours(misbehave("exit"), async (host) => {
    assertOneFailure(host, "exit code 0");
    await host.untilLog(({ message }) => message.includes("is started again"), "restart is told");
  }));

Deno.test(
  "a plugin that exits with an error is reported with its exit code",
  () =>
    besideNeighbours(misbehave("exitWithError"), (host) => assertOneFailure(host, "exit code 3")),
);

Deno.test(
  "a plugin that throws fails on that event only and keeps its process",
  () =>
    besideNeighbours(misbehave("throws"), (host) => {
      assertOneFailure(host, "TypeError: on purpose");
      assert(!host.stderr.includes("is started again"), host.stderr);
    }),
);

Deno.test("a plugin that writes rubbish to stdout: it becomes lines of log, nothing breaks", () =>
  besideNeighbours(misbehave("rubbish"), (host) => {
    assert(
      host.log.some(({ message, plugin }) => plugin === "bad" && message === "rubbish on stdout"),
    );
    assertEquals(failures(host), []);
  }));

Deno.test("a plugin that floods stdout is held back, counted and killed at its time limit", () =>
  besideNeighbours(misbehave("floodStdout"), async (host) => {
    assertOneFailure(host, "took longer than timeoutMs (500)");
    await host.untilLog(({ message }) => /^\d+ lines of log were dropped/.test(message), "count");
    const lines = host.log.filter(({ message }) => message === "rubbish without end").length;
    assert(lines < 5000, `${lines} lines got through`);
  }));

Deno.test("a plugin that floods stderr is held back, counted and killed at its time limit", () =>
  besideNeighbours(misbehave("floodStderr"), async (host) => {
    assertOneFailure(host, "took longer than timeoutMs (500)");
    await host.untilLog(({ message }) => /^\d+ lines of log were dropped/.test(message), "count");
  }));

Deno.test(
  "a plugin that floods its log is held back and settles all the same",
  () =>
    besideNeighbours({ ...misbehave("floodLog"), timeoutMs: 30_000 }, async (host) => {
      await host.untilLog(({ message }) => /^\d+ lines of log were dropped/.test(message), "count");
      assertEquals(failures(host), []);
    }),
);

Deno.test(
  "a plugin that answers twice is killed; no event is skipped for its neighbours",
  () =>
    besideNeighbours(misbehave("answersTwice"), async (host) => {
      await host.untilLog(
        ({ message }) => message.includes("it broke the protocol with an answer for event"),
        "the second answer is told",
      );
    }),
);

Deno.test("a plugin that closes its stdin is started again", () =>
  besideNeighbours(misbehave("closesStdin"), () => {}));

Deno.test(
  "a promise that is rejected and not looked at is reported and harms nothing",
  () =>
    besideNeighbours(misbehave("floatingRejection"), async (host) => {
      await host.untilLog(({ message }) => message.includes("nobody looks at me"), "it is told");
      assertEquals(failures(host), []);
    }),
);

Deno.test("a plugin that loops while it is loaded is given up on and parked", () =>
  besideNeighbours({ file: "loop_at_load" }, async (host) => {
    const line = await host.untilLog(({ message }) => message.includes("parked"), "it is told");
    assert(line.message.includes("it was not ready within 3000 ms (startTimeoutMs)"), line.message);
  }, ["--start-timeout-ms=3000", "--deaths-per-window-max=1"]));

Deno.test(
  "a plugin that throws while it is loaded is parked with its own words",
  () =>
    besideNeighbours({ file: "throw_at_load" }, async (host) => {
      const line = await host.untilLog(({ message }) => message.includes("parked"), "it is told");
      assert(line.message.includes("TypeError: on purpose at load"), line.message);
    }, ["--deaths-per-window-max=1"]),
);

Deno.test(
  "a plugin whose configuration is wrong is parked and told which key",
  () =>
    besideNeighbours({ file: "misbehave", config: { how: 1, at: 1 } }, async (host) => {
      const line = await host.untilLog(({ message }) => message.includes("parked"), "it is told");
      assert(line.message.includes("its configuration in the registry is wrong"), line.message);
      assert(line.message.includes("how: "), line.message);
    }, ["--deaths-per-window-max=1"]),
);
