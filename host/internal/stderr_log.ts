import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  resetSync,
  type TextFormatter,
} from "@logtape/logtape";
import type { HostLog, LogFields } from "./host_log.ts";
import { stderrText } from "./stderr_text.ts";

/** How the log is written. */
export interface StderrLogOptions {
  /** Lines for people; otherwise one JSON object a line. Default: when stderr is a terminal. */
  readonly isReadable?: boolean;
  /** Whether readable lines are coloured. Default: on a terminal without `NO_COLOR`. */
  readonly isColored?: boolean;
  /** The least level that is written. Default `info`. */
  readonly level?: "debug" | "info" | "warn" | "error";
  /** Where lines go; default standard error, where lines that nobody reads are dropped in time. */
  readonly write?: (line: string) => void;
}

/**
 * Makes the host's log. Text of plugins is shown as text: control characters, which could rewrite
 * a terminal, are written as escapes.
 */
export function stderrLog(options: StderrLogOptions = {}): HostLog {
  const isTerminal = Deno.stderr.isTerminal();
  const isReadable = options.isReadable ?? isTerminal;
  const formatter = isReadable
    ? readableFormatter(options.isColored ?? (isTerminal && !Deno.noColor))
    : getJsonLinesFormatter({ properties: "flatten", message: "rendered" });
  const write = options.write ?? ((line: string) => stderrText.add(line));
  const words = (message: string): string => literal(isReadable ? visible(message) : message);
  resetSync();
  configureSync({
    sinks: { out: (record) => write(formatter(record)) },
    loggers: [
      { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] },
      {
        category: ["onhook"],
        lowestLevel: options.level === "warn" ? "warning" : options.level ?? "info",
        sinks: ["out"],
      },
    ],
  });
  const logger = getLogger(["onhook"]);
  stderrText.onDropped = (lines) =>
    logger.warn(`${lines} lines of log were dropped: nobody has read standard error meanwhile`);
  return {
    debug: (message, fields) => logger.debug(words(message), { ...fields }),
    info: (message, fields) => logger.info(words(message), { ...fields }),
    warn: (message, fields) => logger.warn(words(message), { ...fields }),
    error: (message, fields) => logger.error(words(message), { ...fields }),
  };
}

/** Braces are placeholders to the log library; ours are always meant as they stand. */
function literal(message: string): string {
  // Without an opening one the library looks for nothing, and leaves the others as they are.
  return message.includes("{") ? message.replaceAll("{", "{{").replaceAll("}", "}}") : message;
}

function readableFormatter(isColored: boolean): TextFormatter {
  const makeFormatter = isColored ? getAnsiColorFormatter : getTextFormatter;
  const format = makeFormatter({
    timestamp: "time",
    level: (level) => (level === "warning" ? "warn" : level).padEnd(5),
    category: () => "",
    format: ({ timestamp, level, message, record }) =>
      `${timestamp} ${level} ${prefix(record)}${message}${fieldsText(record.properties)}`,
  });
  return (record: LogRecord) => format(record);
}

function prefix({ properties }: LogRecord): string {
  return typeof properties["plugin"] === "string" ? `[${properties["plugin"]}] ` : "";
}

function fieldsText({ fields, ...rest }: LogFields): string {
  const words: string[] = [];
  for (const [key, value] of Object.entries({ ...fields as LogFields | undefined, ...rest })) {
    if (key === "plugin" || value === undefined) continue;
    const text = key === "stack"
      ? `\n${String(value)}`
      : typeof value === "string" && /^[\w.:/#-]+$/.test(value)
      ? value
      : JSON.stringify(value);
    words.push(visible(key === "stack" ? text : `${key}=${text}`));
  }
  return words.length === 0 ? "" : `  ${words.join(" ")}`;
}

/** What moves the cursor or turns the direction of writing. */
// deno-lint-ignore no-control-regex
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** Such characters as escapes; what stands behind a line end is moved in, so that it is no line. */
function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }).replaceAll("\n", "\n    ");
}
