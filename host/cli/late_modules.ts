import type { Config } from "../config_schema.ts";
import type { DemoOptions } from "../demo/run_demo.ts";
import type { Finding } from "../doctor/finding.ts";
import type { InstallOptions } from "../install/install_place.ts";
import type { StopOutcome } from "../stop_host.ts";
import type { SimulatorHandle, StartSimulatorOptions } from "../simulator/start_simulator.ts";

/** The heavy parts of the host, which only the commands that need them load. */
export interface LateModules {
  /** Runs the host until it is asked to stop. @returns The exit code. */
  runHost(config: Config): Promise<number>;
  /** Plays a small day and shows what the plugins did. @returns The exit code. */
  runDemo(options: DemoOptions, say: (text: string) => void): Promise<number>;
  /** Lets a running host finish and end. */
  stopHost(
    places: { journalPath: string; stateFolder: string },
    limitMs: number,
  ): Promise<StopOutcome>;
  /** Looks for everything that is known to go wrong. */
  runDoctor(config: Config): Promise<Finding[]>;
  /** Puts Onhook on this machine. */
  runInstall(options: InstallOptions, say: (line: string) => void): Promise<void>;
  /** Removes it. */
  runUninstall(
    dryRun: boolean,
    stopHost: () => Promise<void>,
    say: (line: string) => void,
  ): Promise<void>;
  /** Asks something of the host through its store. */
  askHost(stateFolder: string, kind: string, plugin: string): Promise<void>;
  /** Starts a simulated remote access service; makes the library first when it is out of date. */
  startSimulator(options: StartSimulatorOptions): Promise<SimulatorHandle>;
}

/** Loads a part when it is first needed: `plugin list` starts neither FFI nor the database. */
export const lateModules: LateModules = {
  async runHost(config) {
    const { runHost } = await import("../run_host.ts");
    return await runHost(config);
  },
  async runDemo(options, say) {
    const { runDemo } = await import("../demo/run_demo.ts");
    return await runDemo(options, say);
  },
  async stopHost(places, limitMs) {
    const { systemClock } = await import("../internal/clock.ts");
    const { stopHost } = await import("../stop_host.ts");
    return await stopHost(places, limitMs, systemClock);
  },
  async runDoctor(config) {
    const { runDoctor } = await import("../run_doctor.ts");
    return await runDoctor(config);
  },
  async runInstall(options, say) {
    const { runInstall } = await import("../install/run_install.ts");
    await runInstall(options, say);
  },
  async runUninstall(dryRun, stopHost, say) {
    const { runUninstall } = await import("../install/run_uninstall.ts");
    await runUninstall(dryRun, stopHost, say);
  },
  async askHost(stateFolder, kind, plugin) {
    const { askHost } = await import("../store/ask_host.ts");
    askHost(stateFolder, kind, plugin);
  },
  async startSimulator(options) {
    const { libraryPath: readyLibrary } = await import("../library_path.ts");
    const { requireNoStranger } = await import("../simulator/require_no_stranger.ts");
    await requireNoStranger(options.journalPath);
    const { startSimulator } = await import("../simulator/start_simulator.ts");
    const libraryPath = await readyLibrary(options.libraryPath);
    return startSimulator({ ...options, libraryPath });
  },
};
