import type { PluginErrorReport } from "../protocol/messages.ts";
import type { Answers } from "./answer_writer.ts";

// At six bytes a character, the most that JSON makes of one, both still fit into a frame.
const NAME_CHARACTERS_MAX = 50;
const MESSAGE_CHARACTERS_MAX = 300;

/**
 * Tells the host of an error. It always gets there: what does not fit into a frame is left out,
 * first the stack, then most of the message.
 *
 * @param kind One of `FROM_PLUGIN`.
 * @param place The fields of the message beside `error`.
 */
export function writeError(
  writer: Answers,
  kind: number,
  place: Readonly<Record<string, unknown>>,
  error: PluginErrorReport,
): void {
  const { name, message } = error;
  const short = {
    name: name.slice(0, NAME_CHARACTERS_MAX),
    message: `${message.slice(0, MESSAGE_CHARACTERS_MAX)} …`,
  };
  for (const told of [error, { name, message }, short]) {
    if (writer.tryWriteMessage(kind, { ...place, error: told })) return;
  }
}
