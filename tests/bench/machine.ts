/** Where and with what was measured. */
export interface Machine {
  readonly processor: string;
  /** Processors that this run may use. */
  readonly cores: number;
  /** Processors of the machine. */
  readonly coresOfMachine: number;
  readonly memoryGb: number;
  readonly system: string;
  /** File system of journals and stores. */
  readonly disk: string;
  readonly deno: string;
  readonly v8: string;
  /** How busy the machine was with other things when the run began, one minute's average. */
  readonly loadBefore: number;
}

/** @param cores Processors that this run may use. */
export async function describeMachine(cores: number): Promise<Machine> {
  const cpuInfo = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const { stdout } = await new Deno.Command("df", {
    args: ["--output=fstype", Deno.env.get("TMPDIR") ?? "/tmp"],
    stderr: "null",
  }).output().catch(() => ({ stdout: new Uint8Array() }));
  return {
    processor: /^model name\s*:\s*(.+)$/m.exec(cpuInfo)?.[1] ?? Deno.build.arch,
    cores,
    coresOfMachine: navigator.hardwareConcurrency,
    memoryGb: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    system: `${Deno.build.os} ${Deno.osRelease()}`,
    disk: new TextDecoder().decode(stdout).trim().split("\n").at(-1) || "unknown",
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    loadBefore: Deno.loadavg()[0]!,
  };
}
