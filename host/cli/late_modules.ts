import type { Config } from "../config.ts";
import type { DemoOptions } from "../demo/run_demo.ts";
import type { SimulatorHandle, StartSimulatorOptions } from "../simulator/start_simulator.ts";

/** The heavy parts of the host, which only the commands that need them load. */
export interface LateModules {
  /** Runs the host until it is asked to stop. @returns The exit code. */
  runHost(config: Config): Promise<number>;
  /** Plays a small day and shows what the plugins did. @returns The exit code. */
  runDemo(options: DemoOptions): Promise<number>;
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
  async runDemo(options) {
    const { runDemo } = await import("../demo/run_demo.ts");
    return await runDemo(options);
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
