import { deadline } from "@std/async/deadline";
import { DatabaseSync } from "node:sqlite";
import { fromFileUrl, join } from "@std/path";
import { StoreError } from "../../host/internal/errors.ts";
import { askHost } from "../../host/store/ask_host.ts";
import { IS_WINE } from "./is_wine.ts";
import { taskFlags } from "./task_flags.ts";

export const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** A line of the host's log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly plugin?: string;
  readonly event?: string;
  readonly sequence?: number;
  readonly [field: string]: unknown;
}

/** Where a host of a test works. */
export interface HostPlaces {
  readonly folder: string;
  readonly journal: string;
  readonly registry: string;
}

const ASK_AGAIN_MS = 1500;
const LIMIT_MS = IS_WINE ? 180_000 : 60_000;

const LAUNCH = Deno.build.os === "linux" ? ["setsid", Deno.execPath()] : [Deno.execPath()];

/** The flags that `deno task host` starts the host with, as `deno.json` has them. */
export const hostFlags = (): string[] => taskFlags("host");

/** The real host as a process of its own, started as `deno task host` does. */
export class HostProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #places: HostPlaces;
  readonly #read: Promise<void>;
  readonly #watchers = new Set<() => void>();
  /** All lines of log so far. */
  readonly log: LogLine[] = [];
  /** Everything that was written to stderr. */
  stderr = "";
  #isOver = false;

  private constructor(child: Deno.ChildProcess, places: HostPlaces) {
    this.#child = child;
    this.#places = places;
    this.#read = this.#readStderr();
  }

  /** Starts a host; it may end by itself with an error. */
  static spawn(places: HostPlaces, args: readonly string[] = []): HostProcess {
    // A session of its own, so that a test can signal the whole process group as a terminal does.
    const [command, ...first] = LAUNCH;
    const child = new Deno.Command(command!, {
      args: [
        ...first,
        ...hostFlags(),
        `--journal=${places.journal}`,
        `--state=${places.folder}`,
        `--registry=${places.registry}`,
        ...args,
      ],
      cwd: ROOT,
      stdin: "null",
      // On Windows who inherits nothing has a console of his own, if any.
      stdout: Deno.build.os === "windows" ? "inherit" : "null",
      stderr: "piped",
    }).spawn();
    return new HostProcess(child, places);
  }

  /** Starts a host and waits until it says that it is ready. */
  static async start(places: HostPlaces, args: readonly string[] = []): Promise<HostProcess> {
    const host = HostProcess.spawn(places, args);
    await host.until(() => host.stderr.includes("onhook ready: "), "the host is ready");
    return host;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until something holds; looks again whenever the host has said something. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
      else if (this.#isOver) {
        reject(new RangeError(`the host ended before ${what}:\n${this.stderr}`));
      }
    };
    const timer = setInterval(look, 20);
    this.#watchers.add(look);
    look();
    try {
      await deadline(promise, LIMIT_MS);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      throw new RangeError(`not within ${LIMIT_MS} ms: ${what}\n${this.stderr.slice(-4000)}`);
    } finally {
      clearInterval(timer);
      this.#watchers.delete(look);
    }
  }

  /** Waits for a line of log. */
  async untilLog(matches: (line: LogLine) => boolean, what: string): Promise<LogLine> {
    await this.until(() => this.log.some(matches), what);
    return this.log.find(matches)!;
  }

  /**
   * Asks it to stop, as a service manager does, and waits until it has heard it; on Windows as
   * `deno task stop` does, and the host must be ready.
   */
  async beginStop(): Promise<void> {
    if (Deno.build.os !== "windows") return this.#signal("SIGTERM");
    this.#ask();
    using store = new DatabaseSync(join(this.#places.folder, "onhook.sqlite"), { readOnly: true });
    const asked = store.prepare("SELECT 1 FROM request WHERE kind = 'stop'");
    await this.until(() => asked.get() === undefined, "the host has heard that it is to stop");
  }

  /** Asks it to stop, as a service manager does; on Windows as `deno task stop` does. */
  async stop(): Promise<number> {
    if (Deno.build.os === "windows") {
      this.#ask();
      // One that is only starting passes over what was asked before.
      const again = setInterval(() => this.#ask(), ASK_AGAIN_MS);
      try {
        return await deadline(this.ended(), LIMIT_MS);
      } finally {
        clearInterval(again);
      }
    }
    this.#signal("SIGTERM");
    return await this.ended();
  }

  /** Asks it and all its processes to stop, as Ctrl+C in a terminal does. */
  async interruptGroup(): Promise<number> {
    if (Deno.build.os === "windows") return await this.#pressCtrlC();
    await new Deno.Command("kill", { args: ["-INT", "--", `-${this.pid}`] }).output();
    return await this.ended();
  }

  /** Kills it without a word. */
  kill(): Promise<number> {
    this.#signal("SIGKILL");
    return this.ended();
  }

  /** The exit code. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) await this.ended();
    else if (Deno.build.os === "windows") await this.kill();
    else await this.stop();
  }

  /** Everybody in the console hears it, this process too. */
  async #pressCtrlC(): Promise<number> {
    const library = Deno.dlopen("kernel32.dll", {
      GenerateConsoleCtrlEvent: { parameters: ["u32", "u32"], result: "i32" }, // which, group
    });
    const ignore = () => {};
    Deno.addSignalListener("SIGINT", ignore);
    try {
      const { symbols } = library;
      if (symbols.GenerateConsoleCtrlEvent(0, 0) === 0) throw new RangeError("there is no console");
      return await deadline(this.ended(), LIMIT_MS);
    } finally {
      Deno.removeSignalListener("SIGINT", ignore);
      library.close();
    }
  }

  #ask(): void {
    if (this.#isOver) return;
    try {
      askHost(this.#places.folder, "stop", "");
    } catch (error) {
      // It has no store yet, or has it locked for long.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #readStderr(): Promise<void> {
    const lines = this.#child.stderr.pipeThrough(new TextDecoderStream());
    let rest = "";
    for await (const chunk of lines) {
      this.stderr += chunk;
      const parts = (rest + chunk).split("\n");
      rest = parts.pop()!;
      for (const part of parts) if (part.startsWith("{")) this.log.push(JSON.parse(part));
      for (const look of this.#watchers) look();
    }
    this.#isOver = true;
    for (const look of this.#watchers) look();
  }
}
