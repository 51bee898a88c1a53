/** A process with its three streams, what it writes as byte streams. `Deno.ChildProcess` is one. */
export interface PluginChild {
  readonly pid: number;
  readonly stdin: WritableStream<Uint8Array<ArrayBufferLike>>;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Settles when it has ended. */
  readonly status: Promise<Pick<Deno.CommandStatus, "code" | "signal">>;
  /** Ends it at once; harmless when it is gone. */
  kill(signal: "SIGKILL"): void;
}

/** What to start, and with what. */
export interface ChildCommand {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a process. */
export type SpawnChild = (command: ChildCommand) => Promise<PluginChild>;
