import type { AllowedRight } from "./allowed_right.ts";

/**
 * Writes rights as Windows takes them as a text (SDDL): they and no others, none from above, for
 * the folder and everything in it.
 */
export function rightsText(rights: readonly AllowedRight[]): string {
  const entries = rights.map(({ sid, mask }) => `(A;OICI;0x${mask.toString(16)};;;${sid})`);
  return `D:P${entries.join("")}`;
}
