/** Stops a process (SIGSTOP) while something is done, then lets it go on. */
export async function pausedWhile(pid: number, work: () => Promise<unknown>): Promise<void> {
  Deno.kill(pid, "SIGSTOP");
  try {
    await work();
  } finally {
    Deno.kill(pid, "SIGCONT");
  }
}
