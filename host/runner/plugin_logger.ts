import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import type { LogMessage } from "../protocol/messages.ts";
import type { AnswerWriter } from "./answer_writer.ts";
import type { PluginLog } from "./define_plugin.ts";

const MESSAGE_CHARACTERS_MAX = 900;

type Fields = Readonly<Record<string, unknown>>;

/** The event that a line of log belongs to. */
export interface EventInHand {
  readonly sequence: number;
  readonly eventId: string;
}

/** Sends a plugin's lines of log to the host; a line that is too long is cut and says so. */
export class PluginLogger implements PluginLog {
  readonly #writer: AnswerWriter;
  readonly #event: EventInHand | undefined;

  /** @param event The event that every line of this logger belongs to. */
  constructor(writer: AnswerWriter, event?: EventInHand) {
    this.#writer = writer;
    this.#event = event;
  }

  debug(message: string, fields?: Fields): void {
    this.#send("debug", message, fields);
  }

  info(message: string, fields?: Fields): void {
    this.#send("info", message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#send("warn", message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#send("error", message, fields);
  }

  #send(level: LogMessage["level"], message: string, fields?: Fields): void {
    const text = String(message);
    const line = {
      level,
      message: text.length <= MESSAGE_CHARACTERS_MAX
        ? text
        : `${text.slice(0, MESSAGE_CHARACTERS_MAX)} … (cut from ${text.length} characters)`,
      ...this.#event,
    };
    if (fields === undefined) {
      this.#writer.tryWriteMessage(FROM_PLUGIN.log, line);
      return;
    }
    const plain = toPlain(fields);
    if (this.#writer.tryWriteMessage(FROM_PLUGIN.log, { ...line, fields: plain })) return;
    this.#writer.tryWriteMessage(FROM_PLUGIN.log, {
      ...line,
      fields: { onhook: "the fields were left out: they do not fit into one line of log" },
    });
  }
}

/** JSON without surprises: big integers as text, cycles and throwing getters named as such. */
function toPlain(fields: Fields): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    try {
      const text = JSON.stringify(
        fields[key],
        (_, value) => typeof value === "bigint" ? value.toString() : value,
      );
      if (text !== undefined) plain[key] = JSON.parse(text);
    } catch {
      plain[key] = "(cannot be written as JSON)";
    }
  }
  return plain;
}
