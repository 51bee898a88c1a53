/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** Starts processes and carries their streams, for a `ChildPool`; runs in a worker. */
import { spawnPiped } from "./_spawn_piped.ts";
import type { FromWorker, OutputName, ToWorker } from "./_child_messages.ts";

type Output = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

interface Running {
  readonly child: Deno.ChildProcess;
  readonly stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly outputs: Readonly<Record<OutputName, Output>>;
}

const running = new Map<number, Running>();

function say(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

function spawn({ id, command }: Extract<ToWorker, { what: "spawn" }>): void {
  try {
    const child = spawnPiped(command);
    running.set(id, {
      child,
      stdin: child.stdin.getWriter(),
      outputs: { stdout: child.stdout.getReader(), stderr: child.stderr.getReader() },
    });
    say({ what: "spawned", id, pid: child.pid });
    child.status.then(({ code, signal }) => say({ what: "exited", id, code, signal }));
  } catch (error) {
    say({ what: "refused", id, why: error instanceof Error ? error.message : String(error) });
  }
}

async function read(id: number, from: OutputName, { outputs }: Running): Promise<void> {
  try {
    const { value } = await outputs[from].read();
    if (value === undefined) return say({ what: "chunk", id, from });
    // What is sent takes the whole buffer with it, which may be longer.
    const bytes = value.byteLength === value.buffer.byteLength ? value : value.slice();
    say({ what: "chunk", id, from, bytes }, [bytes.buffer]);
  } catch {
    say({ what: "chunk", id, from });
  }
}

async function write(id: number, bytes: Uint8Array, { stdin }: Running): Promise<void> {
  try {
    await stdin.write(bytes);
    say({ what: "written", id, isLost: false });
  } catch {
    say({ what: "written", id, isLost: true });
  }
}

function kill({ child }: Running): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.what === "spawn") return spawn(data);
  const one = running.get(data.id);
  if (one === undefined) return;
  if (data.what === "read") read(data.id, data.from, one);
  else if (data.what === "write") write(data.id, data.bytes, one);
  else if (data.what === "kill") kill(one);
  else if (data.what === "endInput") one.stdin.close().catch(() => {});
  else one.outputs[data.from].cancel().catch(() => {});
};
