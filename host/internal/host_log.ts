/** Fields of a line of log. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the host's rooms write what an administrator should know. */
export interface HostLog {
  /** For whoever looks for a fault. */
  debug(message: string, fields?: LogFields): void;
  /** What happened. */
  info(message: string, fields?: LogFields): void;
  /** What an administrator should look at. */
  warn(message: string, fields?: LogFields): void;
  /** What failed. */
  error(message: string, fields?: LogFields): void;
}
