/** Looks at other processes with the means of Linux. */

/** Resident memory of a process in megabytes of 10⁶ bytes. */
export interface Resident {
  /** All of it. */
  readonly total: number;
  /** Its own: heaps and stacks. */
  readonly own: number;
  /** Pages of files: Deno's executable, which all processes share, and the mapped journal. */
  readonly files: number;
}

/** @param pid A process that runs. */
export function residentOf(pid: number): Resident {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  const read = (name: string) => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
    if (kib === undefined) throw new RangeError(`Cannot read /proc/${pid}/status: no ${name}`);
    return Number(kib) * 1024 / 1e6;
  };
  return { total: read("VmRSS"), own: read("RssAnon"), files: read("RssFile") + read("RssShmem") };
}

/** Opened when it is first wanted: other systems have none, and tests load this file there too. */
function openLibc() {
  return Deno.dlopen("libc.so.6", {
    clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  });
}

let libc: ReturnType<typeof openLibc> | undefined;

/** Processor time that a process has used, in milliseconds; threads that are gone count too. */
export function processorMsOf(pid: number): number {
  // What `clock_getcpuclockid` gives: `/proc` has it in hundredths of a second only.
  const clock = (~pid << 3) | 2;
  const time = new BigInt64Array(2);
  libc ??= openLibc();
  if (libc.symbols.clock_gettime(clock, new Uint8Array(time.buffer)) !== 0) {
    throw new RangeError(`Cannot read the processor time of process ${pid}: it is gone`);
  }
  return Number(time[0]) * 1000 + Number(time[1]) / 1e6;
}

/** The processes that a process has started and that have not been waited for yet. */
export function childrenOf(pid: number): number[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) => {
    const children = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).trim();
    return children === "" ? [] : children.split(" ").map(Number);
  });
}

/** The processes of a host's plugins by the plugin's id. */
export function pluginProcessesOf(hostPid: number): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of childrenOf(hostPid)) {
    const line = Deno.readTextFileSync(`/proc/${pid}/cmdline`);
    const id = /https:\/\/([^.]+)\.plugin\./.exec(line)?.[1];
    if (id !== undefined) found.set(id, pid);
  }
  return found;
}
