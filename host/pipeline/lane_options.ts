import type { Clock } from "../internal/clock.ts";
import type { HostLog } from "../internal/host_log.ts";
import type { Random } from "../internal/random.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { Cursor, KeptOnce } from "../store/store.ts";
import type { KeeperLimits } from "../supervisor/plugin_keeper.ts";
import type { StartPlugin } from "../supervisor/plugin_process.ts";
import type { EventSource } from "./event_source.ts";
import type { FramePool } from "./frame_pool.ts";
import type { LaneOutcomes } from "./lane_outcomes.ts";
import type { LaneStatistics } from "./lane_statistics.ts";
import type { FrameLimits } from "./make_frame.ts";
import type { OnceBook, OnceReader } from "./once_book.ts";
import type { Redrive } from "./redrive_queue.ts";

/** Limits of one lane. */
export interface LaneLimits extends KeeperLimits, FrameLimits {
  /** Failures that are told in a second; the others are counted. */
  readonly logLinesPerSecondMax: number;
  /** Bytes of JSON that a plugin may have remembered with `ctx.once` under one key. */
  readonly onceValueBytesMax: number;
  /** Keys that a plugin may have remembered of one event. */
  readonly onceKeysMax: number;
}

/** What one lane leaves to another one of the same plugin. */
export interface LaneLegacy {
  readonly cursor: Cursor;
  readonly isDetached: boolean;
  readonly statistics: LaneStatistics;
  readonly once: OnceBook;
}

/** What a lane stands on. */
export interface LaneOptions {
  readonly entry: PluginEntry;
  readonly cursor: Cursor;
  /** What a lane of the plugin that ended in the same life of the host has left. */
  readonly before?: LaneLegacy | undefined;
  readonly source: EventSource;
  /** What plugins have done once. */
  readonly store: OnceReader;
  readonly framePool: FramePool;
  readonly startPlugin: StartPlugin;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: HostLog;
  readonly limits: LaneLimits;
  /** Called when the lane may have something to store or to send. */
  readonly onTurn: () => void;
}

/** What a lane wants to have stored before anything of it leaves the host. */
export interface LaneChange {
  readonly cursor: Cursor;
  readonly outcomes: Pick<LaneOutcomes, "failures" | "done" | "dropped">;
  /** The dead letter that is handed over once more. */
  readonly redriving: Redrive | undefined;
  /** Dead letters that were handed over once more, whatever came of it. */
  readonly redriven: readonly Redrive[];
  /** What was done once. */
  readonly kept: readonly KeptOnce[];
}
