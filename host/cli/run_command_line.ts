import { formatMessage, message, or, type Parser, runParser } from "@optique/core";
import { InputError } from "../internal/errors.ts";
import { usageProblems, type UsageTerms } from "./_usage_problems.ts";
import type { CliAction, CliIo } from "./cli_io.ts";
import { exitCodeOf } from "./exit_code_of.ts";

const PROGRAM = "deno task";
const USAGE_EXIT_CODE = 2;

type CommandParser = Parser<"sync", CliAction, unknown>;

/** The commands in the order of the help. Of all but the one that is asked for nothing is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandParser>>> = {
  host: async () => (await import("./host_command.ts")).hostCommand,
  demo: async () => (await import("./demo_command.ts")).demoCommand,
  simulate: async () => (await import("./simulate_command.ts")).simulateCommand,
  plugin: async () => (await import("./plugin_command.ts")).pluginCommand,
  dead: async () => (await import("./dead_command.ts")).deadCommand,
  explain: async () => (await import("./explain_command.ts")).explainCommand,
  history: async () => (await import("./history_command.ts")).historyCommand,
  replay: async () => (await import("./replay_command.ts")).replayCommand,
  doctor: async () => (await import("./doctor_command.ts")).doctorCommand,
  stop: async () => (await import("./stop_command.ts")).stopCommand,
  install: async () => (await import("./install_command.ts")).installCommand,
  uninstall: async () => (await import("./uninstall_command.ts")).uninstallCommand,
};

/** The parser of the command that the words begin with, or of all when they begin with none. */
async function commandLineOf(args: readonly string[]): Promise<CommandParser> {
  const one = Object.hasOwn(COMMANDS, args[0] ?? "") ? COMMANDS[args[0]!] : undefined;
  if (one !== undefined) return await one();
  const [first, ...others] = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return others.reduce((all, command) => or(all, command), first!);
}

/**
 * Runs the command that a command line names.
 *
 * @param args The words after the program's name, such as `["plugin", "list"]`.
 * @param io The world around it.
 * @returns The exit code; every error has been told on standard error.
 */
export async function runCommandLine(args: readonly string[], io: CliIo): Promise<number> {
  const commandLine = await commandLineOf(args);
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
