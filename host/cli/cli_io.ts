/** What the commands know of the world around them; tests put their own in its place. */
export interface CliIo {
  /** Writes a text and a line break to standard output. */
  readonly out: (text: string) => void;
  /** Writes a text and a line break to standard error. */
  readonly err: (text: string) => void;
  /** The environment variables that commands look at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The operating system. */
  readonly os: typeof Deno.build.os;
  /** The folder that relative paths start from, absolute. */
  readonly workingFolder: string;
  /** Columns of a line. */
  readonly widthColumns: number;
  /** Whether standard output takes colours. */
  readonly outColors: boolean;
  /** Whether standard error takes colours. */
  readonly errColors: boolean;
}

/** What a parsed command line wants to be done. @returns The exit code. */
export type CliAction = (io: CliIo) => Promise<number>;
