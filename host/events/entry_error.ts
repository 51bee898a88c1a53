/**
 * The bytes of an event entry contradict themselves, so they cannot have been written by the
 * library or by this host. Nothing outside of the given bytes has been read.
 */
export class EntryError extends RangeError {
  /** Ends the process with 3: what the host stands on cannot be read. */
  readonly exitCode = 3;
  override readonly name = "EntryError";
  /** Where the entry starts in its buffer, in bytes. */
  readonly offset: number;

  /**
   * @param what What is there and what is wanted, such as `it has 9 bytes, at least 48 are wanted`.
   * @param offset Where the entry starts in its buffer, in bytes.
   */
  constructor(what: string, offset: number) {
    super(`Cannot read the event entry at byte ${offset}: ${what}`);
    this.offset = offset;
  }
}
