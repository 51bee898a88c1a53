import type { DeadLetterBook } from "../store/dead_letter_book.ts";
import type { ReadStore } from "../store/read_store.ts";

/** Opens the store for reading; loads the database when it is first needed. */
export async function lateReadStore(stateFolder: string): Promise<ReadStore> {
  const { ReadStore } = await import("../store/read_store.ts");
  return ReadStore.open(stateFolder);
}

/** Opens the dead letters; loads the database when it is first needed. */
export async function lateDeadLetterBook(
  stateFolder: string,
  mode: "read" | "write",
): Promise<DeadLetterBook> {
  const { DeadLetterBook } = await import("../store/dead_letter_book.ts");
  return DeadLetterBook.open(stateFolder, mode);
}
