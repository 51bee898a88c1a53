/** The error counters of a port. */
export interface PortErrors {
  /** Checksum errors. */
  crc: number;
  /** Time-outs. */
  timeout: number;
  /** Alignment errors. */
  alignment: number;
  /** Hardware overruns. */
  hardwareOverrun: number;
  /** Framing errors. */
  framing: number;
  /** Buffer overruns. */
  bufferOverrun: number;
}
