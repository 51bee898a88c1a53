import type { DeadLetter } from "../store/dead_letter_book.ts";
import { failureWords, timeText } from "./_outcome_words.ts";
import { bold } from "./_paint.ts";
import { safeText, shortText } from "./_safe_text.ts";
import type { CliIo } from "./cli_io.ts";

const PLUGIN_CHARACTERS = 20;
const LINE = (plugin: string, event: string, time: string, how: string, rest: string): string =>
  `${plugin.padEnd(PLUGIN_CHARACTERS)}  ${event.padStart(9)}  ${time.padEnd(24)}  ` +
  `${how.padEnd(9)}  ${rest}`;

/** What is going on with a dead letter. */
export function deadState({ askedMs, redrivenMs }: DeadLetter): "dead" | "asked" | "redriven" {
  if (redrivenMs !== null) return "redriven";
  return askedMs === null ? "dead" : "asked";
}

/**
 * Writes dead letters line by line, so that any number of them can be shown.
 *
 * @returns How many there were.
 */
export function tellDeadLetters(letters: Iterable<DeadLetter>, io: CliIo): number {
  let count = 0;
  for (const letter of letters) {
    if (count++ === 0) {
      io.out(bold(LINE("plugin", "event", "failed at", "how", "error"), io.outColors));
    }
    const state = deadState(letter);
    const words = `${state === "dead" ? "" : `(${state}) `}${safeText(letter.message)}`;
    const { plugin, sequence, kind, message, failedMs } = letter;
    const how = failureWords(kind, message) === "denied a permission"
      ? "denied"
      : failureWords(kind, "");
    io.out(shortText(
      LINE(plugin, String(sequence), timeText(failedMs), how, words),
      Math.max(io.widthColumns, 90),
    ));
  }
  return count;
}
