import { formatMessage, message, or, runParser } from "@optique/core";
import { InputError } from "../internal/errors.ts";
import { usageProblems, type UsageTerms } from "./_usage_problems.ts";
import type { CliIo } from "./cli_io.ts";
import { deadCommand } from "./dead_command.ts";
import { demoCommand } from "./demo_command.ts";
import { exitCodeOf } from "./exit_code_of.ts";
import { explainCommand } from "./explain_command.ts";
import { historyCommand } from "./history_command.ts";
import { hostCommand } from "./host_command.ts";
import { pluginCommand } from "./plugin_command.ts";
import { replayCommand } from "./replay_command.ts";
import { simulateCommand } from "./simulate_command.ts";

const PROGRAM = "deno task";
const USAGE_EXIT_CODE = 2;

const commandLine = or(
  hostCommand,
  demoCommand,
  simulateCommand,
  pluginCommand,
  deadCommand,
  explainCommand,
  historyCommand,
  replayCommand,
);

/**
 * Runs the command that a command line names.
 *
 * @param args The words after the program's name, such as `["plugin", "list"]`.
 * @param io The world around it.
 * @returns The exit code; every error has been told on standard error.
 */
export async function runCommandLine(args: readonly string[], io: CliIo): Promise<number> {
  const failed = (text: string): number => {
    const { words, problems } = usageProblems(commandLine.usage as UsageTerms, args);
    const fallback = {
      source: "command line",
      place: "arguments",
      found: text,
      wanted: "its usage",
    };
    exitCodeOf(
      new InputError("Cannot run the command", problems.length > 0 ? problems : [fallback]),
      io,
    );
    // Without a word, --help would be taken by deno task itself.
    const command = words.length === 0 ? "COMMAND" : words.join(" ");
    io.err(`${PROGRAM} ${command} --help shows how it is used`);
    return USAGE_EXIT_CODE;
  };
  try {
    const parsed = runParser(commandLine, PROGRAM, args, {
      brief: message`Onhook runs TypeScript plugins when Windows Routing and Remote Access takes a \
link down.`,
      // It would stand below the help of every command.
      ...(args[0]?.startsWith("-") &&
        { footer: message`deno task COMMAND --help says more about a command.` }),
      help: { option: { names: ["--help", "-h"] }, onShow: () => 0 },
      onError: (_exitCode, error) => failed(formatMessage(error)),
      aboveError: "none",
      // Optique leaves a blank at the end of each line that it breaks.
      stdout: (text) => io.out(text.replaceAll(/[ \t]+$/gm, "").trimEnd()),
      stderr: () => {},
      colors: io.outColors,
      maxWidth: io.widthColumns,
      termWidth: "auto",
      commandList: "top-level",
      usageLine: [{ type: "literal", value: "COMMAND" }, { type: "ellipsis" }],
    });
    return typeof parsed === "number" ? parsed : await parsed(io);
  } catch (error) {
    return exitCodeOf(error, io);
  }
}
