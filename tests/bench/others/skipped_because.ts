import { missingPackages } from "./missing_packages.ts";
import type { Other } from "./other.ts";

/** Why an other program cannot be measured, and what to do about it; `undefined` when it can. */
export function skippedBecause({ needs, blockedBy }: Pick<Other, "needs" | "blockedBy">):
  | string
  | undefined {
  const packages = missingPackages(needs);
  if (packages.length > 0) return `not installed: apt install ${packages.join(" ")}`;
  return blockedBy?.();
}
