/** What the bench is asked for. */
export interface BenchOptions {
  readonly isQuick: boolean;
  readonly isHelp: boolean;
  /** Where the result goes as JSON. */
  readonly jsonPath: string | undefined;
  /** The measurements to take, in order. */
  readonly only: readonly string[];
}

/** Everything that is wrong with the command line. */
export class BenchUsageError extends RangeError {
  override readonly name = "BenchUsageError";
}

/**
 * @param args The command line.
 * @param names The measurements that there are, in order.
 * @throws {BenchUsageError} With every problem at once.
 */
export function parseOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  let jsonPath: string | undefined;
  let only: readonly string[] = names;
  const problems: string[] = [];
  for (const arg of args) {
    const [name, value] = arg.split(/=(.*)/s, 2);
    if (arg === "--quick" || arg === "--help") continue;
    if (name === "--json" && value) jsonPath = value;
    else if (name === "--only" && value) {
      const wanted = value.split(",");
      for (const each of wanted.filter((each) => !names.includes(each))) {
        problems.push(`--only names "${each}", wanted are ${names.join(", ")}`);
      }
      only = names.filter((each) => wanted.includes(each));
    } else problems.push(`"${arg}" is no option, wanted are --quick, --json=PATH, --only=NAME,…`);
  }
  if (problems.length > 0) throw new BenchUsageError(`Cannot measure: ${problems.join("; ")}`);
  return { isQuick: args.includes("--quick"), isHelp: args.includes("--help"), jsonPath, only };
}
