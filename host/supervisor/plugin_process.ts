import type {
  FailedMessage,
  KeepMessage,
  LogMessage,
  ReadyMessage,
  RefusedMessage,
} from "../protocol/messages.ts";
import type { Settled } from "../protocol/settled.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";

/** How a plugin's process ended. */
export interface PluginExit {
  /** The exit code; above 128 on Linux when a signal ended it. */
  readonly code: number;
  /** The signal that ended it, if one did. */
  readonly signal: string | null;
  /** Whether V8 ended it because its heap was full. */
  readonly isOutOfMemory: boolean;
}

/** What a plugin's process does, as the host hears it. Nothing of it is to be trusted. */
export interface PluginListener {
  /** It is loaded and can take events. */
  ready(message: ReadyMessage): void;
  /** It says that it cannot be started; it ends by itself. */
  refused(message: RefusedMessage): void;
  /** It has settled events. */
  settled(message: Settled): void;
  /** A handler failed. */
  failed(message: FailedMessage): void;
  /** Something was done once in an event; it waits until that is stored. */
  keep(message: KeepMessage): void;
  /** A line of log, within the limit of lines per second. */
  log(message: LogMessage): void;
  /** After a stop: nothing beyond what was settled has been begun. */
  stopped(): void;
  /** It breaks the protocol; the process is of no more use. */
  broken(what: string): void;
  /**
   * It is over a limit that the host holds; the process has to go.
   *
   * @param isLasting Whether a new process is of no use either.
   */
  exceeded(what: string, isLasting?: boolean): void;
  /** Whether it had an event in hand, or was starting, since the last time this was asked. */
  hasWorked(): boolean;
  /** All messages of one read have been passed on. */
  turn(): void;
  /** It is gone; nothing comes after this. */
  exited(exit: PluginExit): void;
}

/** A running plugin process. */
export interface PluginProcess {
  /** The system's process id. */
  readonly pid: number;
  /** The files of its module graph, absolute. */
  readonly modules?: readonly string[];
  /** When one of them had changed last before it loaded them, in milliseconds since 1970 UTC. */
  readonly changedMs?: number;
  /**
   * Queues a frame. Whoever calls bounds what is queued.
   *
   * @param done Called when the frame is written or never will be: nobody looks at it any more.
   */
  send(frame: Uint8Array<ArrayBuffer>, done?: () => void): void;
  /** Ends it at once, without asking; harmless when it is dead already. */
  kill(): void;
}

/**
 * Starts a plugin's process. This is the border to the operating system that a simulation puts its
 * own processes behind.
 *
 * @param signal Aborts when the process is not wanted any more; one that is not there yet need not
 * be started then. It aborts too when the process is gone.
 * @throws {PluginError} When the process cannot even be started, because of the plugin; after any
 * other error it is tried again. The listener hears nothing then.
 */
export type StartPlugin = (
  entry: PluginEntry,
  listener: PluginListener,
  signal: AbortSignal,
) => Promise<PluginProcess>;
