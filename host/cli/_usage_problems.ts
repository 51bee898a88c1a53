import type { Problem } from "../internal/errors.ts";
import { closestName } from "../registry/closest_name.ts";
import { describeValue } from "../registry/describe_value.ts";

/** The part of Optique's description of a command line that is looked at here. */
export type UsageTerms = readonly UsageTerm[];
type UsageTerm =
  | { readonly type: "command"; readonly name: string }
  | { readonly type: "option"; readonly names: readonly string[]; readonly metavar?: string }
  | { readonly type: "argument"; readonly metavar: string }
  | { readonly type: "optional" | "multiple"; readonly terms: UsageTerms; readonly min?: number }
  | { readonly type: "exclusive"; readonly terms: readonly UsageTerms[] }
  | { readonly type: "literal" | "passthrough" | "ellipsis" };

/** How an option is written. */
interface OptionForm {
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** Whether it may be there several times. */
  readonly repeats: boolean;
}

/** One complete command: its words and what may follow them. */
interface Command {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, OptionForm>;
  /** Names of the arguments that must be there. */
  readonly metavars: readonly string[];
}

const FLAG: OptionForm = { takesValue: false, repeats: true };
const EMPTY: Command = {
  words: [],
  options: new Map([["--help", FLAG], ["-h", FLAG]]),
  metavars: [],
};

function joined(left: Command, right: Command): Command {
  return {
    words: [...left.words, ...right.words],
    options: new Map([...left.options, ...right.options]),
    metavars: [...left.metavars, ...right.metavars],
  };
}

function repeating(command: Command): Command {
  const options = [...command.options].map(([name, form]) =>
    [name, { ...form, repeats: true }] as const
  );
  return { ...command, options: new Map(options) };
}

/** All complete commands that a description allows. */
function commandsOf(usage: UsageTerms): Command[] {
  let commands = [EMPTY];
  for (const term of usage) {
    let next: Command[] = [EMPTY];
    if (term.type === "command") next = [{ ...EMPTY, words: [term.name] }];
    else if (term.type === "argument") next = [{ ...EMPTY, metavars: [term.metavar] }];
    else if (term.type === "exclusive") next = term.terms.flatMap(commandsOf);
    else if (term.type === "optional" || term.type === "multiple") {
      next = commandsOf(term.terms);
      if (term.type === "optional" || term.min === 0) {
        next = next.map((command) => ({ ...command, metavars: [] }));
      }
      if (term.type === "multiple") next = next.map(repeating);
    } else if (term.type === "option") {
      const form = { takesValue: term.metavar !== undefined, repeats: false };
      next = [{ ...EMPTY, options: new Map(term.names.map((name) => [name, form])) }];
    }
    commands = commands.flatMap((command) => next.map((tail) => joined(command, tail)));
  }
  return commands;
}

function problem(place: string, found: string, wanted: string): Problem {
  return { source: "command line", place, found, wanted };
}

function withSuggestion(wanted: string, written: string, names: readonly string[]): string {
  const closest = closestName(written, names);
  return closest === undefined ? wanted : `${wanted}; did you mean ${closest}?`;
}

function wordProblem(
  commands: readonly Command[],
  words: readonly string[],
  next: string | undefined,
): Problem {
  const names = [...new Set(commands.flatMap((command) => command.words[words.length] ?? []))];
  const place = words.length === 0 ? "the command" : `the command after "${words.join(" ")}"`;
  const wanted = `one of ${names.join(", ")}`;
  if (next === undefined) return problem(place, "nothing", wanted);
  return problem(place, describeValue(next), withSuggestion(wanted, next, names));
}

function optionProblem(name: string, command: Command): Problem {
  const names = [...command.options.keys()];
  const others = names.filter((other) => command.options.get(other) !== FLAG);
  // A long list helps nobody who has mistyped one name; then the help page is the better answer.
  const known = others.length === 0
    ? "no option"
    : others.length > 12
    ? "an option of this command"
    : `one of ${others.join(", ")}`;
  return problem(
    describeValue(name).slice(1, -1),
    "no such option",
    withSuggestion(known, name, names),
  );
}

function argumentProblems(command: Command, args: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const positional: string[] = [];
  let mayHaveTaken = 0;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      positional.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      positional.push(arg);
      continue;
    }
    const name = arg.split("=")[0] ?? arg;
    const form = command.options.get(name);
    const next = name === arg ? args[index + 1] : undefined;
    if (form === undefined) {
      if (!seen.has(name)) problems.push(optionProblem(name, command));
      // What follows may be the value that the option was meant to have.
      if (next !== undefined && !next.startsWith("-")) {
        mayHaveTaken++;
        index++;
      }
    } else {
      if (seen.has(name) && !form.repeats) problems.push(problem(name, "it once more", "it once"));
      if (!form.takesValue && name !== arg) {
        problems.push(problem(name, describeValue(arg.slice(name.length + 1)), "no value"));
      } else if (form.takesValue && name === arg) {
        if (next === undefined) problems.push(problem(name, "no value", `${name}=VALUE`));
        index++;
      }
    }
    seen.add(name);
  }
  const { metavars } = command;
  for (const metavar of metavars.slice(positional.length + mayHaveTaken)) {
    problems.push(problem(metavar, "nothing", `a value for ${metavar}`));
  }
  for (const extra of positional.slice(metavars.length)) {
    problems.push(problem("arguments", describeValue(extra), "nothing more"));
  }
  return problems;
}

/**
 * Everything that is wrong with the words of a command line. Optique stops at the first mistake;
 * whoever mends a line wants to mend it once.
 *
 * @param usage What Optique says of its parser.
 * @param args The words after the program's name.
 * @returns The command that was meant as far as it is known, and the problems; none of them when
 * the mistake is of a kind that is not looked for here.
 */
export function usageProblems(
  usage: UsageTerms,
  args: readonly string[],
): { readonly words: readonly string[]; readonly problems: readonly Problem[] } {
  let commands = commandsOf(usage);
  const words: string[] = [];
  for (;;) {
    const complete = commands.find((command) => command.words.length === words.length);
    const next = args[words.length];
    if (complete !== undefined) {
      return { words, problems: argumentProblems(complete, args.slice(words.length)) };
    }
    const matching = commands.filter((command) => command.words[words.length] === next);
    if (next === undefined || matching.length === 0) {
      return { words, problems: [wordProblem(commands, words, next)] };
    }
    commands = matching;
    words.push(next);
  }
}
