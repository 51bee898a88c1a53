/** Job Objects: what is in one ends with it, and with the process that holds it. */
import { assert, assertEquals } from "@std/assert";
import { testWhere } from "../support/test_where.ts";
import { ProcessJob } from "../../host/windows/process_job.ts";
import { isRunning } from "../support/is_running.ts";

const LOOP = "console.log(Deno.pid); while (true);";
const JOB = new URL("../../host/windows/tie_children.ts", import.meta.url).href;
/**
 * A host in small: ties what it starts to itself, and starts a loop. Deno itself ends the processes
 * that it has started, but not what those start, so there is one of another kind in between.
 */
const PARENT = `
  const { tieChildren } = await import(${JSON.stringify(JOB)});
  tieChildren();
  tieChildren();
  const args = ["/d", "/c", Deno.execPath(), "eval", ${JSON.stringify(LOOP)}];
  new Deno.Command("cmd.exe", { args }).spawn();
  while (true) await new Promise((resolve) => setTimeout(resolve, 1000));
`;

/** Starts a loop through another program when it is told to. */
const GRANDPARENT = `
  await Deno.stdin.read(new Uint8Array(1));
  const args = ["/d", "/c", Deno.execPath(), "eval", ${JSON.stringify(LOOP)}];
  new Deno.Command("cmd.exe", { args }).spawn();
  while (true) await new Promise((resolve) => setTimeout(resolve, 1000));
`;

function started(code: string): { child: Deno.ChildProcess; lines: ReadableStreamDefaultReader } {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  return { child, lines: child.stdout.pipeThrough(new TextDecoderStream()).getReader() };
}

async function untilGone(pid: number): Promise<void> {
  for (let looks = 0; await isRunning(pid); looks++) {
    assert(looks < 1000, `process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

testWhere("windows", "ProcessJob ends an endless loop when it is closed", async () => {
  const { child, lines } = started(LOOP);
  const job = ProcessJob.make({ memoryBytes: 2 ** 30, processesMax: 1 });
  job.add(child.pid);
  assertEquals(Number((await lines.read()).value), child.pid);
  assert(await isRunning(child.pid));
  job[Symbol.dispose]();
  job[Symbol.dispose]();
  job.terminate();
  await child.status;
  await untilGone(child.pid);
  await lines.cancel();
});

testWhere("windows", "ProcessJob.terminate() ends what is in it, grandchildren too", async () => {
  const { child, lines } = started(GRANDPARENT);
  using job = ProcessJob.make();
  job.add(child.pid);
  child.stdin.getWriter().write(new Uint8Array(1));
  const loop = Number((await lines.read()).value);
  assert(loop !== child.pid && await isRunning(loop));
  job.terminate();
  await child.status;
  await untilGone(loop);
  await lines.cancel();
});

testWhere("windows", "tieChildren() lets a loop end with the process that started it", async () => {
  const { child, lines } = started(PARENT);
  const loop = Number((await lines.read()).value);
  assert(await isRunning(loop));
  child.kill("SIGKILL");
  await child.status;
  await untilGone(loop);
  await lines.cancel();
});
