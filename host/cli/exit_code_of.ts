import {
  InputError,
  MachineError,
  NativeError,
  PluginError,
  StoreError,
} from "../internal/errors.ts";
import { bold, red } from "./_paint.ts";
import type { CliIo } from "./cli_io.ts";

/** Exit code of a defect of this project, `EX_SOFTWARE`. */
const DEFECT = 70;

/**
 * The one place where errors become exit codes: tells on standard error what went wrong.
 *
 * @param error What was thrown.
 * @returns 2 for input of a person, 3 for a journal, library or store that cannot be opened, 70
 * for everything that is not meant to happen.
 */
export function exitCodeOf(error: unknown, io: CliIo): number {
  const isExpected = error instanceof InputError || error instanceof NativeError ||
    error instanceof StoreError || error instanceof PluginError || error instanceof MachineError;
  if (isExpected) {
    const [first = "", ...lines] = error.message.split("\n");
    io.err([red(bold(first, io.errColors), io.errColors), ...lines].join("\n"));
    return error.exitCode;
  }
  const told = error instanceof Error ? error.stack ?? error.message : String(error);
  io.err(red(bold("This is a defect of Onhook, not of your input", io.errColors), io.errColors));
  io.err(`${told}\nPlease report it with these lines and with what you did`);
  return DEFECT;
}
