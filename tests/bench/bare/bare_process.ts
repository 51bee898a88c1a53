import { fromFileUrl } from "@std/path";
import { residentOf } from "../process_probe.ts";

/** What a Deno process costs that does nothing at all. */
export interface BareProcess {
  /** From its start until its first line runs, in milliseconds. */
  readonly startMs: number;
  /** Resident memory in megabytes. */
  readonly residentMb: number;
  /** The same without mapped files. */
  readonly ownMb: number;
}

const PROGRAM = fromFileUrl(new URL("./idle.ts", import.meta.url));

/** Starts one, looks at it, and ends it. */
export async function bareProcess(): Promise<BareProcess> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", PROGRAM],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const startMs = performance.now() - started;
  const { total: residentMb, own: ownMb } = residentOf(child.pid);
  await child.stdin.close();
  await reader.cancel();
  await child.status;
  return { startMs, residentMb, ownMb };
}
