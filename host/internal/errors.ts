/**
 * The errors of this project, one class for each way a caller has to react. Every class carries
 * the exit code that the command line ends with, so that no table elsewhere can drift from it.
 *
 * @module
 */

/** One thing that is wrong with an input: where it is, what stands there, what is wanted. */
export interface Problem {
  /** The file, registry key or command line that the input came from. */
  readonly source: string;
  /** The place in it, such as `plugins[2].timeoutMs` or `--state`. */
  readonly place: string;
  /** What was found there, in the words of the input. */
  readonly found: string;
  /** What is wanted instead, and where it helps, what to do next. */
  readonly wanted: string;
}

/**
 * Input from a person (registry file, configuration, options) that cannot be used. Lists every
 * problem of the input at once, because whoever mends a file wants to mend it once.
 */
export class InputError extends TypeError {
  /** Ends the process with 2: wrong usage or configuration. */
  readonly exitCode = 2;
  override readonly name = "InputError";
  /** Every problem that was found, in the order of the input. */
  readonly problems: readonly Problem[];

  /**
   * @param action What cannot be done, such as `Cannot read the registry`.
   * @param problems At least one problem.
   */
  constructor(action: string, problems: readonly Problem[], options?: ErrorOptions) {
    const lines = problems.map((p) =>
      `  ${p.source}: ${p.place}: found ${p.found}, wanted ${p.wanted}`
    );
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${action}: ${count}`, ...lines].join("\n"), options);
    this.problems = problems;
  }
}

/** What a failed call of the native library said of itself. */
export interface NativeErrorDetails {
  /** The library's status, negative. */
  readonly code: number;
  /** The status by name, such as `ONHOOK_BUSY`. */
  readonly symbol: string;
  /** The operating system's error number, 0 when it had no part in it. */
  readonly systemCode: number;
  /** The process that stands in the way, 0 when there is none. */
  readonly processId: number;
}

/** The journal or the library cannot be opened or used. */
export class NativeError extends Error {
  /** Ends the process with 3: the journal or the library cannot be opened. */
  readonly exitCode = 3;
  override readonly name = "NativeError";
  /** What the library said. */
  readonly details: NativeErrorDetails;

  /** @param message `Cannot <verb> <thing>: <what is>, <what is wanted>`. */
  constructor(message: string, details: NativeErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

/** The store cannot be opened, written or read. */
export class StoreError extends Error {
  /** Ends the process with 3: what the host stands on cannot be opened. */
  readonly exitCode = 3;
  override readonly name = "StoreError";
}

/** The machine cannot be changed as an installation wants it. */
export class MachineError extends Error {
  /** Ends the process with 3: what the host stands on cannot be had. */
  readonly exitCode = 3;
  override readonly name = "MachineError";
}

/** A plugin or its process did something that its contract does not allow. */
export class PluginError extends Error {
  /** Never ends the host; the code is there for commands that ask for one plugin. */
  readonly exitCode = 1;
  override readonly name = "PluginError";
  /** Files of the plugin that may have to be mended, as far as they are known. */
  readonly files: readonly string[];

  /**
   * @param message `Cannot <verb> <thing>: <what is>, <what is wanted>`.
   * @param files Absolute paths; one that is missing may be among them.
   */
  constructor(message: string, files: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.files = files;
  }
}

/** A process that the host needs was killed or could not be started; another try may succeed. */
export class ProcessError extends Error {
  /** Never ends the host; the code is there for commands that ask for one plugin. */
  readonly exitCode = 1;
  override readonly name = "ProcessError";
}

/** A defect of this project: something that the code rules out has happened. */
export class DefectError extends Error {
  /** Ends the process with 70, `EX_SOFTWARE`. */
  readonly exitCode = 70;
  override readonly name = "DefectError";
}
