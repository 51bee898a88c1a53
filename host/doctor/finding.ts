/**
 * - `fine`: as it should be.
 * - `note`: worth knowing, nothing has to be done.
 * - `warning`: something is lost, late or risky.
 * - `error`: events do not reach the plugins, or RRAS does not start.
 */
export type Severity = "fine" | "note" | "warning" | "error";

/** What one check has found. */
export interface Finding {
  /** The check's name, the same in every version: `dll-list`. */
  readonly check: string;
  readonly severity: Severity;
  /** What is. */
  readonly found: string;
  /** Whether and why that matters. */
  readonly matters: string;
  /** What to do; undefined when nothing has to be done. */
  readonly remedy?: string | undefined;
}

const EXIT_CODES: Readonly<Record<Severity, number>> = { fine: 0, note: 0, warning: 1, error: 3 };

/** @returns 0 when nothing is wrong, 1 for warnings, 3 for errors. */
export function exitCodeOfFindings(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map(({ severity }) => EXIT_CODES[severity]));
}
