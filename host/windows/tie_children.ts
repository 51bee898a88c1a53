import { ProcessJob } from "./process_job.ts";

let isTied = false;

/**
 * Lets everything that this process starts from now on end with it, however it ends: the process
 * itself is put into a Job Object, and what it starts belongs to that too. So there is no moment
 * between the start of a process and its job. Once is enough for a process; Windows only.
 *
 * @throws {NativeError} When Windows refuses.
 */
export function tieChildren(): void {
  if (isTied) return;
  // Never closed: the system does that when this process ends.
  ProcessJob.make().addThisProcess();
  isTied = true;
}
