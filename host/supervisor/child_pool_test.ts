import { assert, assertEquals, assertRejects } from "@std/assert";
import { deadline } from "@std/async/deadline";
import { ProcessError } from "../internal/errors.ts";
import { ChildPool } from "./child_pool.ts";
import type { ChildCommand, PluginChild } from "./plugin_child.ts";

const LIMIT_MS = 60_000;
const ECHOES = "await Deno.stdin.readable.pipeTo(Deno.stdout.writable, { preventClose: true });";
const HANGS = "setInterval(() => {}, 1000);";

function deno(code: string): ChildCommand {
  const systemRoot = Deno.env.get("SystemRoot");
  return {
    words: [Deno.execPath(), "eval", code],
    cwd: Deno.cwd(),
    env: { NO_COLOR: "1", ...(systemRoot && { SystemRoot: systemRoot }) },
  };
}

/** Reads all that a process writes, so that it can be forgotten. */
async function all(child: PluginChild): Promise<[out: Uint8Array, err: string]> {
  const [out, err] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
  ]);
  await child.status;
  return [out, err];
}

Deno.test("ChildPool.spawn() carries bytes in and out, and tells the exit code", async () => {
  const pool = new ChildPool(2);
  const child = await pool.spawn(deno(`${ECHOES} console.error("the end"); Deno.exit(7)`));
  assert(child.pid > 0);
  const sent = crypto.getRandomValues(new Uint8Array(60_000));
  const writer = child.stdin.getWriter();
  const read = all(child);
  const whole = Uint8Array.from({ length: 300_000 }, (_, i) => sent[i % sent.length]!);
  for (let at = 0; at < whole.length; at += 50_000) {
    await writer.write(whole.subarray(at, at + 50_000));
  }
  await writer.close();
  const [out, err] = await deadline(read, LIMIT_MS);
  assert(out.length === whole.length && out.every((byte, at) => byte === whole[at]), "the same");
  assertEquals([err, (await child.status).code], ["the end\n", 7]);
  assertEquals(pool.workers, 0);
});

Deno.test("ChildPool.spawn() leaves this process its threads, however many processes there are", async () => {
  const pool = new ChildPool(2);
  // On Windows, two for each of these would be all threads of sixteen processors.
  const count = Math.min(32, 2 * navigator.hardwareConcurrency + 2);
  const children = await Promise.all(Array.from({ length: count }, () => pool.spawn(deno(ECHOES))));
  assertEquals(pool.workers, Math.ceil(count / 2));
  const said = children.map((child) => all(child));
  await deadline(Deno.stat("."), LIMIT_MS);
  for (const { stdin } of children) {
    const writer = stdin.getWriter();
    await writer.write(new TextEncoder().encode("hello"));
    await writer.close();
  }
  for (const [out] of await deadline(Promise.all(said), LIMIT_MS)) {
    assertEquals(new TextDecoder().decode(out), "hello");
  }
  assertEquals(pool.workers, 0);
});

Deno.test("ChildPool.spawn() serves a process beside one that reads nothing, and kills that", async () => {
  const pool = new ChildPool(2);
  const [deaf, other] = [await pool.spawn(deno(HANGS)), await pool.spawn(deno(ECHOES))];
  const ends = [all(deaf), all(other)];
  const stuck = deaf.stdin.getWriter();
  const never = stuck.write(new Uint8Array(4_000_000));
  never.catch(() => {});
  const writer = other.stdin.getWriter();
  await deadline(writer.write(new TextEncoder().encode("hello")), LIMIT_MS);
  await writer.close();
  assertEquals(new TextDecoder().decode((await deadline(ends[1]!, LIMIT_MS))[0]), "hello");
  deaf.kill("SIGKILL");
  await deadline(ends[0]!, LIMIT_MS);
  await assertRejects(() => never, ProcessError);
  assertEquals(pool.workers, 0);
});

Deno.test("ChildPool.spawn() says why nothing is started, and goes on", async () => {
  const pool = new ChildPool(1);
  const none = { ...deno(""), words: ["/no/such/program"] };
  await assertRejects(() => pool.spawn(none), ProcessError, "Cannot start a process: ");
  assertEquals(pool.workers, 0);
  const child = await pool.spawn(deno("console.log(1)"));
  assertEquals(new TextDecoder().decode((await all(child))[0]), "1\n");
});

Deno.test("ChildPool.spawn() lets its outputs be read into one buffer", async () => {
  const pool = new ChildPool(1);
  const child = await pool.spawn(deno(`await Deno.stdout.write(new Uint8Array(100_000).fill(7))`));
  const reader = child.stdout.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(4096);
  let read = 0;
  for (;;) {
    const { value, done } = await deadline(reader.read(new Uint8Array(buffer)), LIMIT_MS);
    if (done) break;
    assert(value.every((byte) => byte === 7));
    read += value.length;
    buffer = value.buffer;
  }
  assertEquals(read, 100_000);
  await child.stderr.cancel();
  assertEquals((await child.status).code, 0);
});
