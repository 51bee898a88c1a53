/**
 * Stops a process (SIGSTOP) while something is done, then lets it go on.
 *
 * @returns When it goes on.
 */
export async function pausedWhile(pid: number, work: () => Promise<void>): Promise<void> {
  // A stopped process would not hear the Ctrl+C that ends this one.
  const wake = () => {
    Deno.kill(pid, "SIGCONT");
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", wake);
  Deno.kill(pid, "SIGSTOP");
  try {
    await work();
  } finally {
    Deno.kill(pid, "SIGCONT");
    Deno.removeSignalListener("SIGINT", wake);
  }
}
