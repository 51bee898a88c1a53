import { message, object, option, optional, string, text } from "@optique/core";
import { systemClock } from "../internal/clock.ts";
import type { DeadLetterBook, DeadLetterSelection } from "../store/dead_letter_book.ts";
import type { ReadStore } from "../store/read_store.ts";
import { requireKnownPlugin } from "./_known_plugin.ts";
import { readTimeText, TIME_FORMS } from "./_time_text.ts";

/** `--plugin` of the commands about dead letters. */
export const pluginOption = optional(option("--plugin", string({ metavar: "ID" }), {
  description: message`Only those of this plugin.`,
}));

/** `--since` of the commands about dead letters. */
export const sinceOption = optional(option("--since", string({ metavar: "TIME" }), {
  description: [text(`Only what failed at this time or later: ${TIME_FORMS}.`)],
}));

/** What `dead redrive` and `dead drop` are about. */
export const selectionOptions = object({
  plugin: pluginOption,
  since: sinceOption,
  event: optional(option("--event", string({ metavar: "EVENT" }), {
    description: message`Only those of this event: its id or its sequence.`,
  })),
  dryRun: option("--dry-run", { description: message`Shows what is meant and changes nothing.` }),
});

/** The values of {@linkcode selectionOptions}. */
export interface SelectionOptions {
  readonly plugin: string | undefined;
  readonly since: string | undefined;
  readonly event: string | undefined;
}

/**
 * What the options select.
 *
 * @throws {InputError} When a plugin or an event is not there, or a time is none.
 */
export async function selectionOf(
  { plugin, since, event }: SelectionOptions,
  book: DeadLetterBook,
  openStore: () => Promise<ReadStore>,
): Promise<DeadLetterSelection> {
  requireKnownPlugin(plugin, book.plugins());
  const sinceMs = since === undefined
    ? undefined
    : Math.ceil(readTimeText(since, "--since", systemClock.now()) / 1000);
  return { plugin, sinceMs, sequence: await sequenceOf(event, openStore) };
}

async function sequenceOf(
  event: string | undefined,
  openStore: () => Promise<ReadStore>,
): Promise<number | undefined> {
  if (event === undefined) return undefined;
  const { findEvent } = await import("../history/find_event.ts");
  using store = await openStore();
  return findEvent(store, event).sequence;
}
