import { DefectError, NativeError } from "../internal/errors.ts";
import { fromFileUrl } from "@std/path";
import type { SimulatorResult } from "./play.ts";
import { readSimulatorOptions } from "./read_simulator_options.ts";
import type { SimulatorOptions } from "./simulator_options.ts";

/** What a simulator is started with. */
export interface StartSimulatorOptions extends Omit<SimulatorOptions, "stopAtInputEnd"> {
  /** The journal that the library writes to in the simulator's process. */
  readonly journalPath: string;
}

/** A simulator that runs in its own process. */
export interface SimulatorHandle {
  /** Its process. */
  readonly processId: number;
  /**
   * What was played, or `undefined` when the process was killed.
   *
   * Rejected with a {@linkcode NativeError} when the library cannot be used.
   */
  readonly done: Promise<SimulatorResult | undefined>;
  /** Asks it to stop early, as a service stops: its last callout is made. */
  stop(): Promise<void>;
  /** Kills it where it stands, as a crash of the service would. */
  kill(): void;
}

/**
 * Starts a simulator of RAS in a process of its own, which may load the library and nothing else.
 * The process ends with this one at the latest, even when this one is killed. Progress goes to
 * standard error when that is a terminal. Needs `--allow-run` for Deno itself.
 *
 * @throws {InputError} When an option is not allowed; lists every problem.
 */
export function startSimulator(options: StartSimulatorOptions): SimulatorHandle {
  const { journalPath, ...simulated } = options;
  // Checked here too, so that a wrong option is an error of the caller and not of a process.
  const settings = readSimulatorOptions(JSON.stringify({ ...simulated, stopAtInputEnd: true }));
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-remote",
      "--cached-only",
      `--config=${fromFileUrl(new URL("../../deno.json", import.meta.url))}`,
      // Whatever stands in RAS's list is loaded, wherever it is.
      ...(settings.registered
        ? ["--allow-ffi", "--allow-read", "--allow-env=SystemRoot"]
        : [`--allow-ffi=${settings.libraryPath}`]),
      import.meta.resolve("./main.ts"),
      JSON.stringify(settings),
    ],
    env: { ONHOOK_JOURNAL: journalPath },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let isKilled = false;
  return {
    processId: child.pid,
    done: outcome(child, () => isKilled),
    stop: async () => {
      // It may have ended by itself, and closed its end already.
      await child.stdin.close().catch(() => {});
    },
    kill: () => {
      try {
        child.kill("SIGKILL");
        isKilled = true;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    },
  };
}

/** @param isKilled On Windows a killed process ends with 1 and without a signal. */
async function outcome(
  child: Deno.ChildProcess,
  isKilled: () => boolean,
): Promise<SimulatorResult | undefined> {
  const [text, status] = await Promise.all([new Response(child.stdout).text(), child.status]);
  await child.stdin.close().catch(() => {});
  if (status.signal !== null || isKilled() && !status.success) return undefined;
  const said = parse(text);
  if (status.success && said !== undefined && !("error" in said)) return said;
  if (said !== undefined && "error" in said) {
    throw new NativeError(said.error, {
      code: -1,
      symbol: "SIMULATOR_FAILED",
      systemCode: 0,
      processId: child.pid,
    });
  }
  throw new DefectError(
    `Cannot simulate: the process ended with ${status.code} and without a result, 0 and a result ` +
      "are wanted; see what it wrote to standard error",
  );
}

function parse(text: string): SimulatorResult | { error: string } | undefined {
  const last = text.trimEnd().split("\n").at(-1);
  try {
    return JSON.parse(last ?? "");
  } catch {
    return undefined;
  }
}
