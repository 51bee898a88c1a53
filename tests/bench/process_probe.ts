/** Looks at other processes through Linux's `/proc`. */

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

/** Processor time that all threads of a process that live now have used, in milliseconds. */
export function processorMsOf(pid: number): number {
  let nanoseconds = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    // The clock ticks of `stat` are too coarse for a process that does next to nothing.
    const text = Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`);
    nanoseconds += Number(text.split(" ")[0]);
  }
  return nanoseconds / 1e6;
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
