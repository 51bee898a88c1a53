import { kernel32 } from "./kernel32.ts";
import { windowsCall } from "./windows_call.ts";

/** JOBOBJECT_EXTENDED_LIMIT_INFORMATION of 64-bit Windows (winnt.h), offsets in bytes. */
const INFORMATION = { size: 144, flags: 16, processesMax: 40, jobMemoryBytes: 120 } as const;
const INFORMATION_CLASS = 9;
const FLAGS = { processesMax: 0x8, jobMemory: 0x200, dieOnException: 0x400, killOnClose: 0x2000 };
const PROCESS_TERMINATE = 0x1;
const PROCESS_SET_QUOTA = 0x100;
/** The exit code of what a job kills. */
const KILLED_EXIT_CODE = 137;

/** What the processes of a job may use together. */
export interface JobLimits {
  /** Bytes that they may commit; an allocation beyond fails. */
  readonly memoryBytes?: number | undefined;
  /** Most processes at a time: with 1, the one in it can start no other. */
  readonly processesMax?: number | undefined;
}

/**
 * A Job Object: processes that the system ends when the last handle of the job is closed, and that
 * happens however this process ends. What they start belongs to it as well.
 */
export class ProcessJob implements Disposable {
  #handle: bigint;

  private constructor(handle: bigint) {
    this.#handle = handle;
  }

  /** @throws {NativeError} When Windows makes none. */
  static make(limits: JobLimits = {}): ProcessJob {
    const handle = BigInt(kernel32().CreateJobObjectW(0n, 0n));
    if (handle === 0n) windowsCall(kernel32().GetLastError(), "make a job object");
    const job = new ProcessJob(handle);
    try {
      const { memoryBytes, processesMax } = limits;
      const view = new DataView(new ArrayBuffer(INFORMATION.size));
      let flags = FLAGS.killOnClose | FLAGS.dieOnException;
      if (memoryBytes !== undefined) {
        flags |= FLAGS.jobMemory;
        view.setBigUint64(INFORMATION.jobMemoryBytes, BigInt(memoryBytes), true);
      }
      if (processesMax !== undefined) {
        flags |= FLAGS.processesMax;
        view.setUint32(INFORMATION.processesMax, processesMax, true);
      }
      view.setUint32(INFORMATION.flags, flags, true);
      const bytes = new Uint8Array(view.buffer);
      const { SetInformationJobObject, GetLastError } = kernel32();
      if (SetInformationJobObject(handle, INFORMATION_CLASS, bytes, bytes.length) === 0) {
        windowsCall(GetLastError(), "set the limits of a job object");
      }
      return job;
    } catch (error) {
      job[Symbol.dispose]();
      throw error;
    }
  }

  /** Takes a process in for good. @throws {NativeError} When it is gone or Windows refuses. */
  add(pid: number): void {
    const { OpenProcess, GetLastError, CloseHandle } = kernel32();
    const process = BigInt(OpenProcess(PROCESS_TERMINATE | PROCESS_SET_QUOTA, 0, pid));
    if (process === 0n) windowsCall(GetLastError(), `open process ${pid}`);
    try {
      this.#assign(process, `put process ${pid} into a job object`);
    } finally {
      CloseHandle(process);
    }
  }

  /** Takes this process in, and with it all that it starts from now on. */
  addThisProcess(): void {
    this.#assign(BigInt(kernel32().GetCurrentProcess()), "put this process into a job object");
  }

  /** Ends every process in it at once. */
  terminate(): void {
    if (this.#handle !== 0n) kernel32().TerminateJobObject(this.#handle, KILLED_EXIT_CODE);
  }

  /** Ends what is in it and gives it up. Closing twice is allowed. */
  [Symbol.dispose](): void {
    if (this.#handle === 0n) return;
    kernel32().CloseHandle(this.#handle);
    this.#handle = 0n;
  }

  #assign(process: bigint, action: string): void {
    const { AssignProcessToJobObject, GetLastError } = kernel32();
    if (AssignProcessToJobObject(this.#handle, process) === 0) windowsCall(GetLastError(), action);
  }
}
