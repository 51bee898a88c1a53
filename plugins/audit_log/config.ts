import * as z from "zod";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The configuration of `audit-log`; unknown keys are errors, so that a typo is not a default. */
export const auditLogConfig = z.strictObject({
  /** The current file, relative to the registry's folder or absolute; old ones stand beside it. */
  file: z.string().min(1),
  /** A line that would make the file longer goes into a new one. 4 KiB … 1 GiB, default 16 MiB. */
  maxBytes: z.int().min(4 * KIB).max(1024 * MIB).default(16 * MIB),
  /** Old files that are kept, `<file>.1` the newest. 1 … 100, default 8. */
  keepFiles: z.int().min(1).max(100).default(8),
});

/** What {@linkcode auditLogConfig} makes of the registry's `config`. */
export type AuditLogConfig = z.infer<typeof auditLogConfig>;
