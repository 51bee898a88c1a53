import { DefectError, StoreError } from "../internal/errors.ts";

/** The error that a failed call of the host's own store is told with. */
export function storeError(verb: string, path: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof DefectError) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(
    `Cannot ${verb} the store: ${path}: ${reason}, wanted a database of Onhook on a disk with room`,
    { cause: error },
  );
}
