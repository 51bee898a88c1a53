/** Processes that a process has started, by the system's list. */
export function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = Deno.readTextFileSync(`/proc/${name}/stat`).replace(/^.*\) /, "").split(" ");
      if (Number(words[1]) === pid && words[0] !== "Z") children.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  return children;
}

/** Sends a signal to a process that may have ended. */
export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Resident memory in bytes, 0 when the process is gone. */
export function residentBytes(pid: number): number {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
    return Number(kib ?? 0) * 1024;
  } catch {
    return 0;
  }
}
