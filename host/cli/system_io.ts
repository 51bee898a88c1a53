import type { CliIo } from "./cli_io.ts";

const ENV_NAMES = ["HOME", "ONHOOK_JOURNAL", "ProgramData", "XDG_STATE_HOME"];
const WIDTH_COLUMNS_MAX = 100;
const WIDTH_COLUMNS_MIN = 40;

interface Output {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

function writer(output: Output): (text: string) => void {
  return (text) => {
    let bytes = new TextEncoder().encode(`${text}\n`);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(output.writeSync(bytes));
    } catch (error) {
      // Whoever read it has seen enough, as `head` does.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
}

/** The variables that this process may look at: most commands need none and are granted none. */
function environment(): Record<string, string | undefined> {
  return Object.fromEntries(ENV_NAMES.map((variable) => {
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    return [variable, state === "granted" ? Deno.env.get(variable) : undefined];
  }));
}

function widthColumns(): number {
  try {
    const { columns } = Deno.consoleSize();
    return Math.max(WIDTH_COLUMNS_MIN, Math.min(columns, WIDTH_COLUMNS_MAX));
  } catch {
    // No terminal is there to ask.
    return WIDTH_COLUMNS_MAX;
  }
}

/** The machine's side of the command line. Colours only on a terminal, and not with `NO_COLOR`. */
export function systemIo(): CliIo {
  return {
    out: writer(Deno.stdout),
    err: writer(Deno.stderr),
    env: environment(),
    os: Deno.build.os,
    workingFolder: Deno.cwd(),
    widthColumns: widthColumns(),
    outColors: Deno.stdout.isTerminal() && !Deno.noColor,
    errColors: Deno.stderr.isTerminal() && !Deno.noColor,
  };
}
