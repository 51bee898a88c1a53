import { InputError } from "../internal/errors.ts";
import { changeWords } from "./change.ts";
import type { Plan } from "./plan_install.ts";

/** Where an installation says what it does. */
export type Say = (line: string) => void;

/**
 * Carries a plan out, or only says what it would change.
 *
 * @param run Makes the changes and gives what has to wait for the next start of Windows.
 * @returns Whether something was changed.
 * @throws {InputError} When the plan has problems; nothing has been done.
 */
export async function carriedOut(
  { problems, changes }: Plan,
  action: string,
  run: () => Promise<string[]>,
  dryRun: boolean,
  say: Say,
): Promise<boolean> {
  if (problems.length > 0) throw new InputError(action, problems);
  if (changes.length === 0) {
    say("Nothing to change: all of it is as it should be");
    return false;
  }
  if (dryRun) {
    for (const change of changes) say(`would ${changeWords(change)}`);
    say(`${changes.length} changes; nothing has been done`);
    return false;
  }
  for (const path of await run()) {
    say(`${path} is in use and is removed when Windows starts the next time`);
  }
  return true;
}
