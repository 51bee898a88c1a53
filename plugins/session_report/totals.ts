import type { Port } from "onhook";

/**
 * Sums over hangups. Those that can grow beyond 2^53, above which a number no longer counts
 * exactly, are `bigint`.
 */
export class Totals {
  /** Links that went down. */
  hangups = 0;
  /**
   * Hangups of which the 32-bit counters may have passed their end, or that do not say. When not
   * 0, the sums of bytes and frames are the least that it can have been.
   */
  countersMayHaveWrapped = 0;
  /** Hangups for which RAS gave no counters at all. */
  withoutCounters = 0;
  /** Seconds that the links were up. */
  connectSeconds = 0n;
  /** Bytes sent by the server, as compressed on the wire. */
  bytesTransmitted = 0n;
  /** Bytes received by the server, as compressed on the wire. */
  bytesReceived = 0n;
  /** Frames sent by the server. */
  framesTransmitted = 0n;
  /** Frames received by the server. */
  framesReceived = 0n;
  /** Line errors of all six kinds. */
  errors = 0n;

  /** Bytes in both directions, to order ports by. */
  get bytes(): bigint {
    return this.bytesTransmitted + this.bytesReceived;
  }

  /** Counts one hangup. */
  addPort(port: Port): void {
    this.hangups++;
    this.connectSeconds += BigInt(port.connectDurationSeconds ?? 0);
    if (port.bytesTransmitted === undefined) {
      this.withoutCounters++;
      return;
    }
    if (port.countersMayHaveWrapped !== false) this.countersMayHaveWrapped++;
    this.bytesTransmitted += BigInt(port.bytesTransmitted);
    this.bytesReceived += BigInt(port.bytesReceived ?? 0);
    this.framesTransmitted += BigInt(port.framesTransmitted ?? 0);
    this.framesReceived += BigInt(port.framesReceived ?? 0);
    for (const count of Object.values(port.errors ?? {})) this.errors += BigInt(count);
  }

  /** Adds other sums to these. */
  addTotals(other: Totals): void {
    this.hangups += other.hangups;
    this.countersMayHaveWrapped += other.countersMayHaveWrapped;
    this.withoutCounters += other.withoutCounters;
    this.connectSeconds += other.connectSeconds;
    this.bytesTransmitted += other.bytesTransmitted;
    this.bytesReceived += other.bytesReceived;
    this.framesTransmitted += other.framesTransmitted;
    this.framesReceived += other.framesReceived;
    this.errors += other.errors;
  }
}
