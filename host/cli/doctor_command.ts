import { command, map, merge, message, object, option, optional, string } from "@optique/core";
import { exitCodeOfFindings, type Finding, type Severity } from "../doctor/finding.ts";
import { countText } from "./_number_texts.ts";
import { bold, dim, green, red, yellow } from "./_paint.ts";
import { safeLines } from "./_safe_text.ts";
import { registryPathOption, storeConfig, storeOptions } from "./_store_options.ts";
import type { CliAction, CliIo } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";

const MARKS: Readonly<
  Record<Severity, readonly [word: string, paint: (text: string, on: boolean) => string]>
> = {
  fine: ["fine", green],
  note: ["note", dim],
  warning: ["warning", yellow],
  error: ["ERROR", red],
};

/** The words of a check that stand below each other. */
const INDENT = " ".repeat(9);

/** Texts of the machine do nothing to a terminal, and their further lines are moved in. */
const inside = (text: string): string => safeLines(text).replaceAll("\n", `\n${INDENT}`);

function shown({ check, severity, found, matters, remedy }: Finding, io: CliIo): string {
  const [word, paint] = MARKS[severity];
  const head = `${paint(word.padEnd(8), io.outColors)} ${bold(check, io.outColors)}`;
  const lines = [`${head}: ${inside(found)}`];
  if (severity !== "fine") lines.push(`${INDENT}${inside(matters)}`);
  if (remedy !== undefined) lines.push(`${INDENT}→ ${inside(remedy)}`);
  return lines.join("\n");
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [count("error"), count("warning")];
  return errors + warnings === 0
    ? `${findings.length} checks, nothing is wrong`
    : `${findings.length} checks, ${countText(errors, "error")}, ${countText(warnings, "warning")}`;
}

/** `doctor`: one check for everything that is known to go wrong. */
export const doctorCommand = command(
  "doctor",
  map(
    merge(
      object({
        json: option("--json", { description: message`Prints JSON for other programs.` }),
        libraryPath: optional(option("--library", string({ metavar: "PATH" }), {
          description: message`The native library. Default: what deno task build makes.`,
        })),
        registryPath: registryPathOption,
      }),
      storeOptions,
    ),
    ({ json, ...given }): CliAction => async (io) => {
      const findings = await lateModules.runDoctor(await storeConfig(given, io));
      if (json) io.out(JSON.stringify({ findings }, null, 2));
      else {
        for (const finding of findings) io.out(shown(finding, io));
        io.out(`\n${summary(findings)}`);
      }
      return exitCodeOfFindings(findings);
    },
  ),
  {
    brief: message`Check everything that is known to go wrong, and say what to do.`,
    description:
      message`Looks at Deno, the library, the registry, the journal and the host, and on \
Windows at RRAS, its list of DLLs, the rights of folders, the scheduled task and the event log. \
Changes nothing. Takes a second or two.`,
    footer: message`Exit codes: 0 nothing is wrong, 1 warnings, 3 errors, 2 wrong usage.`,
  },
);
