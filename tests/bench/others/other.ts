/** Something that an other program needs to be measured. */
export interface Need {
  /** A program on PATH (system administrators' folders included), or the absolute path of a file. */
  readonly file: string;
  /** The Debian package that has it. */
  readonly package: string;
}

/** How fast an other program did the job. */
export interface Handled {
  readonly events: number;
  readonly seconds: number;
}

/** What an other program may use. */
export interface OtherRun {
  /** An empty folder of its own, gone afterwards. */
  readonly folder: string;
  readonly isQuick: boolean;
}

/** What people would use instead: calls three pieces of a user's code for each event. */
export interface Other {
  /** Part of the row's id. */
  readonly id: string;
  /** How it does the job, in words. */
  readonly what: string;
  readonly needs: readonly Need[];
  /** Why it cannot be measured here although all is installed, if so. */
  blockedBy?(): string | undefined;
  /** Hands over events, and ends all that it has started. */
  run(run: OtherRun): Promise<Handled>;
}
