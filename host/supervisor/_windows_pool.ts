import { ChildPool } from "./child_pool.ts";

/** Deno's own number on Windows. */
const THREADS_PER_PROCESSOR = 4;
/** Two outputs that are waited for, and an input that is not read. */
const THREADS_PER_CHILD = 3;
/** For whatever else a worker does. */
const THREADS_SPARE = 1;

let pool: ChildPool | undefined;

/** The one that starts all plugins of this process on Windows. */
export function windowsPool(): ChildPool {
  const threads = THREADS_PER_PROCESSOR * navigator.hardwareConcurrency - THREADS_SPARE;
  return pool ??= new ChildPool(Math.max(1, Math.floor(threads / THREADS_PER_CHILD)));
}
