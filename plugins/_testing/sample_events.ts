import type {
  ConnectionUpEvent,
  GapEvent,
  LinkHangupEvent,
  OnhookEvent,
  Port,
  Session,
  SessionEnd,
  SessionEndEvent,
} from "onhook";

const BOOT_ID = "00c0ffee00c0ffee";
const LIBRARY_VERSION = "0.1.0";

const ada: Session = {
  user: "CORP\\Ada",
  domain: "CORP",
  account: { name: "ada", domain: "CORP", qualified: "CORP\\ada" },
  computer: "LT-0042",
  clientAddress: "10.20.0.7",
  connectedAt: "2026-11-22T10:00:00.000000Z",
  isLastLink: false,
  uncertain: false,
  source: "observed",
};

const fullPort: Port = {
  handle: "0x11",
  connectionHandle: "0x2a",
  name: "VPN2-127",
  mediaName: "rastapi",
  deviceName: "WAN Miniport (SSTP)",
  deviceType: "vpn",
  condition: "disconnected",
  totalCalls: 4,
  connectDurationSeconds: 600,
  hardwareCondition: "operational",
  lineSpeedBitsPerSecond: 1_000_000,
  bytesTransmitted: 5_000_000,
  bytesReceived: 250_000,
  framesTransmitted: 5_000,
  framesReceived: 2_000,
  countersMayHaveWrapped: false,
  errors: { crc: 0, timeout: 0, alignment: 0, hardwareOverrun: 0, framing: 0, bufferOverrun: 0 },
  compressionRatioIn: 100,
  compressionRatioOut: 100,
};

/** What a test wants different from the usual event. */
export interface SampleOptions {
  /** Also makes the id. @default {1} */
  sequence?: number;
  /** @default {"2026-11-22T10:00:00.000000Z"} */
  time?: string;
  /** @default {1} */
  attempt?: number;
  /** Fields of the port in place of the usual ones. */
  port?: Partial<Port>;
  /** The whole port in place of the usual one, to leave fields out. */
  wholePort?: Port;
}

function common(options: SampleOptions): { sequence: number; time: string; attempt: number } {
  const { sequence = 1, time = "2026-11-22T10:00:00.000000Z", attempt = 1 } = options;
  return { sequence, time, attempt };
}

function recordId(options: SampleOptions): string {
  return `${BOOT_ID}-${((options.sequence ?? 1) * 64).toString(16)}`;
}

/** Events for the tests of plugins and examples: valid, complete, and the same on every call. */
export const sampleEvents = {
  /** A link of ten minutes on a 1 Mbit/s line, with what the test wants different. */
  linkHangup(options: SampleOptions = {}): LinkHangupEvent {
    const port = options.wholePort ?? { ...fullPort, ...options.port };
    return { type: "linkHangup", id: recordId(options), ...common(options), port };
  },
  /** The service loads the library. */
  serviceStart(options: SampleOptions = {}): OnhookEvent {
    const service = { bootId: BOOT_ID, processId: 4711, libraryVersion: LIBRARY_VERSION };
    return { type: "serviceStart", id: recordId(options), ...common(options), service };
  },
  /** The service lets the library go after 12 callouts. */
  serviceStop(options: SampleOptions = {}): OnhookEvent {
    const service = {
      bootId: BOOT_ID,
      processId: 4711,
      libraryVersion: LIBRARY_VERSION,
      calloutsTotal: 12,
    };
    return { type: "serviceStop", id: recordId(options), ...common(options), service };
  },
  /** Events were lost because the journal was full. */
  gap(lost: number, options: SampleOptions = {}): GapEvent {
    const times = common(options);
    return {
      type: "gap",
      id: `${BOOT_ID}-gap-${lost}`,
      ...times,
      gap: {
        lost,
        exact: true,
        firstTime: times.time,
        lastTime: times.time,
        reasons: ["journalFull"],
      },
    };
  },
  /** A connection comes up: the first event of ada's session, the `number`th of hers. */
  connectionUp(number: number, session: Partial<Session> = {}): ConnectionUpEvent {
    const options = { sequence: number * 10 };
    return {
      type: "connectionUp",
      id: recordId(options),
      ...common(options),
      connection: { handle: `0x${number.toString(16)}` },
      session: { ...ada, id: recordId(options), linkCount: 0, ...session },
    };
  },
  /** The end of that session, after an hour. */
  sessionEnd(
    number: number,
    { session = {}, end = {} }: { session?: Partial<Session>; end?: Partial<SessionEnd> } = {},
  ): SessionEndEvent {
    const id = recordId({ sequence: number * 10 });
    const time = end.endedAt ?? "2026-11-22T11:00:00.000000Z";
    const totals = {
      bytesTransmitted: 5_000_000_000,
      bytesReceived: 250_000,
      framesTransmitted: 5_000_000,
      framesReceived: 2_000,
      mayHaveWrapped: false,
    };
    return {
      type: "sessionEnd",
      id: id.replace("-", "-end-"),
      ...common({ sequence: number * 10 + 5, time }),
      synthetic: false,
      session: { ...ada, id, linkCount: 0, ...session },
      end: {
        ...{ reason: "hangup", startedAt: "2026-11-22T10:00:00.000000Z", endedAt: time },
        ...{ durationSeconds: 3600, complete: true, linksOmitted: 0, totals },
        links: [{ portHandle: "0x11", portName: "VPN2-127" }],
        ...end,
      },
    };
  },
};
