import type { ChildCommand } from "./plugin_child.ts";

/** The streams that a process writes. */
export type OutputName = "stdout" | "stderr";

/** What a `ChildPool` asks of one of its workers; `id` is the process, counted by the pool. */
export type ToWorker =
  | { readonly what: "spawn"; readonly id: number; readonly command: ChildCommand }
  | { readonly what: "read"; readonly id: number; readonly from: OutputName }
  | { readonly what: "cancel"; readonly id: number; readonly from: OutputName }
  | { readonly what: "write"; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly what: "endInput"; readonly id: number }
  | { readonly what: "kill"; readonly id: number };

/** What a worker answers. */
export type FromWorker =
  | { readonly what: "spawned"; readonly id: number; readonly pid: number }
  | { readonly what: "refused"; readonly id: number; readonly why: string }
  /** The answer to `read`; without bytes it was the end. */
  | {
    readonly what: "chunk";
    readonly id: number;
    readonly from: OutputName;
    readonly bytes?: Uint8Array<ArrayBuffer>;
  }
  /** The answer to `write`, whether it was written or never will be. */
  | { readonly what: "written"; readonly id: number; readonly isLost: boolean }
  | {
    readonly what: "exited";
    readonly id: number;
    readonly code: number;
    readonly signal: Deno.Signal | null;
  };
