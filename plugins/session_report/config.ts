import * as z from "zod";

/** The configuration of `session-report`; unknown keys are errors. */
export const sessionReportConfig = z.strictObject({
  /**
   * Ports that are kept apart in one hour; further ones are summed up together, so that memory
   * stays bounded whatever names arrive. 1 … 10000, default 1000.
   */
  portsMax: z.int().min(1).max(10_000).default(1_000),
  /**
   * Ports that get a line of their own in a report, those with the most bytes first; the rest
   * share one line. The host drops lines beyond its `logLinesPerSecondMax`. 0 … 1000, default 10.
   */
  portsListedMax: z.int().min(0).max(1_000).default(10),
});

/** What {@linkcode sessionReportConfig} makes of the registry's `config`. */
export type SessionReportConfig = z.infer<typeof sessionReportConfig>;
