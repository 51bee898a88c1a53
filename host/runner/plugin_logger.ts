import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import type { LogMessage } from "../protocol/messages.ts";
import type { Answers } from "./answer_writer.ts";
import type { PluginLog } from "./define_plugin.ts";

const MESSAGE_CHARACTERS_MAX = 900;
/** At six bytes a character, the most that JSON makes of one, this still fits into a frame. */
const SHORT_MESSAGE_CHARACTERS_MAX = 300;

type Fields = Readonly<Record<string, unknown>>;

const FIELDS_LEFT_OUT = {
  onhook: "the fields were left out: they do not fit into one line of log",
};

/** The event that a line of log belongs to. */
export interface EventInHand {
  readonly sequence: number;
  readonly eventId: string;
}

/** Sends a plugin's lines of log to the host; a line that is too long is cut and says so. */
export class PluginLogger implements PluginLog {
  readonly #writer: Answers;
  readonly #event: EventInHand | undefined;

  /** @param event The event that every line of this logger belongs to. */
  constructor(writer: Answers, event?: EventInHand) {
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
    const line = { level, message: cut(text, MESSAGE_CHARACTERS_MAX), ...this.#event };
    const short = { ...line, message: cut(text, SHORT_MESSAGE_CHARACTERS_MAX) };
    const without = fields === undefined ? {} : { fields: FIELDS_LEFT_OUT };
    const whole = fields === undefined ? line : { ...line, fields: toPlain(fields) };
    for (const told of [whole, { ...line, ...without }, { ...short, ...without }]) {
      if (this.#writer.tryWriteMessage(FROM_PLUGIN.log, told)) return;
    }
  }
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax
    ? text
    : `${text.slice(0, charactersMax)} … (cut from ${text.length} characters)`;
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
