import * as z from "zod";

/** The configuration of `session-limit-report`; unknown keys are errors. */
export const sessionLimitReportConfig = z.strictObject({
  /** Where the open sessions are kept: a database, relative to the registry's folder. */
  path: z.string().min(1),
  /** More sessions of one user at once than this are reported. 1 … 10000, default 1. */
  sessionsMax: z.int().min(1).max(10_000).default(1),
});

/** What {@linkcode sessionLimitReportConfig} makes of the registry's `config`. */
export type SessionLimitReportConfig = z.infer<typeof sessionLimitReportConfig>;
