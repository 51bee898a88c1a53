import * as z from "zod";

/** The configuration of `accounting`; unknown keys are errors, so that a typo is not a default. */
export const accountingConfig = z.strictObject({
  /** Where the rows go: a database, or a folder of CSV files; relative to the registry's folder. */
  path: z.string().min(1),
  /** One database with tables `session` and `day`, or two CSV files for each day. */
  format: z.enum(["sqlite", "csv"]).default("sqlite"),
});

/** What {@linkcode accountingConfig} makes of the registry's `config`. */
export type AccountingConfig = z.infer<typeof accountingConfig>;
