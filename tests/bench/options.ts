/** What the bench is asked for. */
export interface BenchOptions {
  readonly isQuick: boolean;
  readonly isHelp: boolean;
  /**
   * Holds some ratios against the stored ones instead of measuring everything, or stores them anew.
   */
  readonly guard: "check" | "store" | undefined;
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
  let guard: BenchOptions["guard"];
  const problems: string[] = [];
  for (const arg of args) {
    const [name, value] = arg.split(/=(.*)/s, 2);
    if (arg === "--quick" || arg === "--help") continue;
    if (arg === "--guard") guard = "check";
    else if (arg === "--guard=store") guard = "store";
    else if (name === "--json" && value) jsonPath = value;
    else if (name === "--only" && value) {
      const wanted = value.split(",");
      for (const each of wanted.filter((each) => !names.includes(each))) {
        problems.push(`--only names "${each}", wanted are ${names.join(", ")}`);
      }
      only = names.filter((each) => wanted.includes(each));
    } else {
      problems.push(
        `"${arg}" is no option, wanted are --quick, --json=PATH, --only=NAME,…, --guard`,
      );
    }
  }
  if (problems.length > 0) throw new BenchUsageError(`Cannot measure: ${problems.join("; ")}`);
  const isQuick = args.includes("--quick");
  return { isQuick, isHelp: args.includes("--help"), guard, jsonPath, only };
}
