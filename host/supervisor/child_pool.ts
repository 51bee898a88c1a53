import { ProcessError } from "../internal/errors.ts";
import type { FromWorker, OutputName, ToWorker } from "./_child_messages.ts";
import type { ChildCommand, PluginChild } from "./plugin_child.ts";

type Chunk = Uint8Array<ArrayBuffer>;

/** A process, as its pool knows it. */
interface Known {
  readonly worker: PoolWorker;
  readonly spawned: PromiseWithResolvers<number>;
  readonly exited: PromiseWithResolvers<{ code: number; signal: Deno.Signal | null }>;
  readonly reads: Record<OutputName, ((bytes: Chunk | undefined) => void) | undefined>;
  written: ((isLost: boolean) => void) | undefined;
  /** What of it has not ended; when that is nothing, it is forgotten. */
  readonly open: Set<OutputName | "process">;
}

interface PoolWorker {
  readonly worker: Worker;
  readonly ids: Set<number>;
}

/**
 * Starts processes from workers, a few from each.
 *
 * On Windows, Deno reads each output of a process by a thread of its own that waits for it, out of
 * four for each processor; when these are all taken, nothing of the whole runtime goes on that needs
 * one: no file is read, nothing woken. Two processors are enough for three processes, no more. Each
 * worker has a runtime with threads of its own.
 */
export class ChildPool {
  readonly #childrenPerWorker: number;
  readonly #workers = new Set<PoolWorker>();
  readonly #known = new Map<number, Known>();
  #lastId = 0;
  /**
   * One start at a time: what a process inherits is decided for the whole host, so the pipes of one
   * that is being started at the same moment would be kept open by the other.
   */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param childrenPerWorker How many one worker can serve, at least 1. */
  constructor(childrenPerWorker: number) {
    this.#childrenPerWorker = childrenPerWorker;
  }

  /** Workers that run now; without a process there is none. */
  get workers(): number {
    return this.#workers.size;
  }

  /**
   * Starts a process.
   *
   * @throws {ProcessError} When the system refuses.
   */
  spawn(command: ChildCommand): Promise<PluginChild> {
    return this.inTurn(() => this.#spawn(command));
  }

  /** Runs something that starts a process by itself while nothing else starts one. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #spawn(command: ChildCommand): Promise<PluginChild> {
    const worker = this.#workerWithRoom();
    const id = ++this.#lastId;
    const known: Known = {
      worker,
      spawned: Promise.withResolvers(),
      exited: Promise.withResolvers(),
      reads: { stdout: undefined, stderr: undefined },
      written: undefined,
      open: new Set(["stdout", "stderr", "process"]),
    };
    worker.ids.add(id);
    this.#known.set(id, known);
    worker.worker.postMessage({ what: "spawn", id, command } satisfies ToWorker);
    try {
      const pid = await known.spawned.promise;
      return this.#child(id, pid, known);
    } catch (error) {
      this.#forget(id, known);
      throw error;
    }
  }

  #workerWithRoom(): PoolWorker {
    for (const one of this.#workers) if (one.ids.size < this.#childrenPerWorker) return one;
    const url = new URL("./_child_worker.ts", import.meta.url).href;
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    const made: PoolWorker = { worker, ids: new Set() };
    this.#workers.add(made);
    return made;
  }

  #child(id: number, pid: number, known: Known): PluginChild {
    const ask = (message: ToWorker, transfer: Transferable[] = []) => {
      if (this.#known.has(id)) known.worker.worker.postMessage(message, transfer);
    };
    const output = (from: OutputName) =>
      new ReadableStream({
        type: "bytes",
        pull: (controller) =>
          new Promise<void>((resolve) => {
            known.reads[from] = (bytes) => {
              if (bytes !== undefined) controller.enqueue(bytes);
              else {
                controller.close();
                // Whoever reads into a buffer of his own waits for an answer all the same.
                controller.byobRequest?.respond(0);
              }
              resolve();
            };
            ask({ what: "read", id, from });
          }),
        cancel: () => {
          ask({ what: "cancel", id, from });
          this.#end(id, known, from);
        },
      }, { highWaterMark: 0 });
    const stdin = new WritableStream<Uint8Array>({
      write: (bytes) =>
        new Promise<void>((resolve, reject) => {
          if (!this.#known.has(id)) return reject(lost(pid));
          known.written = (isLost) => isLost ? reject(lost(pid)) : resolve();
          // A copy: the same bytes may be on their way to others.
          const copy = bytes.slice();
          ask({ what: "write", id, bytes: copy }, [copy.buffer]);
        }),
      abort: () => ask({ what: "endInput", id }),
      close: () => ask({ what: "endInput", id }),
    });
    return {
      pid,
      stdin,
      stdout: output("stdout"),
      stderr: output("stderr"),
      status: known.exited.promise,
      kill: () => ask({ what: "kill", id }),
    };
  }

  #hear(message: FromWorker): void {
    const known = this.#known.get(message.id);
    if (known === undefined) return;
    switch (message.what) {
      case "spawned":
        return known.spawned.resolve(message.pid);
      case "refused":
        return known.spawned.reject(new ProcessError(`Cannot start a process: ${message.why}`));
      case "written":
        return known.written?.(message.isLost);
      case "exited":
        known.exited.resolve({ code: message.code, signal: message.signal });
        return this.#end(message.id, known, "process");
      case "chunk": {
        const { from, bytes } = message;
        known.reads[from]?.(bytes);
        if (bytes === undefined) this.#end(message.id, known, from);
      }
    }
  }

  #end(id: number, known: Known, what: OutputName | "process"): void {
    known.open.delete(what);
    if (known.open.size === 0) this.#forget(id, known);
  }

  #forget(id: number, known: Known): void {
    const { worker, written } = known;
    this.#known.delete(id);
    written?.(true);
    worker.ids.delete(id);
    if (worker.ids.size > 0) return;
    this.#workers.delete(worker);
    worker.worker.terminate();
  }
}

function lost(pid: number): ProcessError {
  return new ProcessError(`Cannot write to process ${pid}: it has ended`);
}
