import type { Clock } from "../internal/clock.ts";
import { NativeError } from "../internal/errors.ts";
import { CalloutThreads } from "./callout_threads.ts";
import type { LoadedDll } from "./load_admin_dlls.ts";
import type { SimulatorResult } from "./play.ts";
import { makeScenario } from "./scenario.ts";
import { scenarioSteps } from "./scenario_steps.ts";
import type { SimulatorSettings } from "./simulator_options.ts";

/** What a player of several DLLs needs. */
export interface PlayRegisteredOptions {
  readonly settings: SimulatorSettings & { readonly seed: number };
  /** All that RAS would load, in call order. */
  readonly dlls: readonly LoadedDll[];
  readonly clock: Clock;
  /** Ends the playing early, the service's stop included. */
  readonly signal?: AbortSignal;
}

/**
 * Plays the remote access service with all DLLs of its list: starts it, makes the callouts of a day
 * on several threads, and stops it.
 *
 * @returns What was played; `callouts` counts those of one DLL.
 * @throws {NativeError} When a DLL does not let the service start.
 */
export async function playRegistered(options: PlayRegisteredOptions): Promise<SimulatorResult> {
  const { settings, dlls, clock, signal } = options;
  const start = clock.monotonic();
  const threads = new CalloutThreads(dlls);
  await startAll(dlls);
  let starts = 1;
  const steps = settings.scenario === undefined
    ? makeScenario(settings, settings.seed)
    : scenarioSteps(settings.scenario);
  for (const step of steps) {
    if (signal?.aborted) break;
    if (step.kind === "wait") {
      await threads.idle();
      await sleep(clock, step.milliseconds);
    } else if (step.kind === "restart") {
      await threads.idle();
      await stopAll(dlls);
      await startAll(dlls);
      starts++;
    } else if (!settings.hangupsOnly || step.kind === "hangup") {
      if (step.kind === "hangup" && settings.ratePerSecond > 0) {
        const due = start + threads.hangups / settings.ratePerSecond * 1000;
        if (due > clock.monotonic()) await sleep(clock, due - clock.monotonic());
      }
      await threads.begin(step);
    }
  }
  await threads.idle();
  await stopAll(dlls);
  const seconds = (clock.monotonic() - start) / 1000;
  const { hangups, refused } = threads;
  const callouts = threads.callouts + 2 * starts;
  return { hangups, callouts, seconds, seed: settings.seed, refused };
}

/** Any number but 0 from any DLL, and RAS does not start. */
async function startAll(dlls: readonly LoadedDll[]): Promise<void> {
  for (const [index, { path, symbols }] of dlls.entries()) {
    const status = await symbols.MprAdminInitializeDll?.();
    if (status === 0) continue;
    await stopAll(dlls.slice(0, index));
    throw new NativeError(
      `Cannot start the service: MprAdminInitializeDll of entry ${
        index + 1
      } of DLLPath, ${path}, ` +
        `gave ${status}, 0 is wanted; RAS does not start with it`,
      { code: -1, symbol: "RAS_NOT_STARTED", systemCode: status ?? 0, processId: 0 },
    );
  }
}

async function stopAll(dlls: readonly LoadedDll[]): Promise<void> {
  for (const { symbols } of dlls) await symbols.MprAdminTerminateDll?.();
}

function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.startTimer(ms, resolve));
}
