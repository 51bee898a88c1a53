// deno-lint-ignore-file no-console

/** What is run. */
export type ChaosWord = "simulate" | "processes" | "soak";

/** What the command line of `deno task chaos` says. */
export interface ChaosOptions {
  readonly words: readonly ChaosWord[];
  /** The one seed that is wanted. */
  readonly seed?: number;
  /** The first seed of a simulation. */
  readonly first: number;
  /** How many simulations; without it as many as there is time for in CI, at most 2500. */
  readonly seeds?: number;
  /** How long real processes are disturbed. */
  readonly minutes: number;
  /** How many events a soak has. */
  readonly events: number;
}

const WORDS: readonly string[] = ["simulate", "processes", "soak"];
const DEFAULTS = { first: 1, minutes: 1, events: 1_000_000 };

/** @returns `undefined`, after it has said why, when the arguments cannot be used. */
export function readChaosOptions(args: readonly string[]): ChaosOptions | undefined {
  const words = args.filter((arg) => !arg.startsWith("--"));
  const numbers: Record<string, number> = {};
  const wrong = words.filter((word) => !WORDS.includes(word));
  for (const arg of args.filter((arg) => arg.startsWith("--"))) {
    const [, name, text] = /^--(seed|first|seeds|minutes|events)=(\d+(?:\.\d+)?)$/.exec(arg) ?? [];
    if (name === undefined) wrong.push(arg);
    else numbers[name] = Number(text);
  }
  if (wrong.length > 0) {
    console.error(
      `Cannot run chaos: found ${wrong.join(" ")}, wanted [simulate|processes|soak] ` +
        "[--seed=N] [--first=N] [--seeds=N] [--minutes=N] [--events=N]",
    );
    return undefined;
  }
  const chosen = words.length > 0 ? words : ["simulate", "processes"];
  return { ...DEFAULTS, ...numbers, words: chosen as ChaosWord[] };
}
