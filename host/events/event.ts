/**
 * The events that plugins get. The same shapes are in `schema.ts` as a zod schema, and the compiler
 * proves there that both are one; here they are written out so that an editor shows each field's
 * meaning and a plugin's process needs no schema.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { GapReason } from "./gap_reason.ts";
import type { HardwareCondition } from "./hardware_condition.ts";
import type { PortCondition } from "./port_condition.ts";
import type { PortErrors } from "./port_errors.ts";
import type { Session, SessionEnd } from "./session.ts";

export type { Connection, GapReason, HardwareCondition, PortCondition, Session, SessionEnd };

/** Any event; `type` tells which. */
export type OnhookEvent =
  | LinkHangupEvent
  | LinkUpEvent
  | ConnectionUpEvent
  | ConnectionHangupEvent
  | ReauthenticationEvent
  | ServiceStartEvent
  | ServiceStopEvent
  | GapEvent
  | SessionEndEvent;

/** What every event has. */
export interface EventCommon {
  /** Unique for ever; the same when the event is delivered again. */
  id: string;
  /** Rises by one for each event that the host takes in. */
  sequence: number;
  /** The library's clock in the callout: ISO 8601, UTC, with microseconds. */
  time: string;
  /** 1, and more when the event is delivered again. */
  attempt: number;
}

/** One link of a connection was taken down. */
export interface LinkHangupEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "linkHangup";
  /** The port that the link was on. */
  port: Port;
  /** Whose it is; absent when the registry does not grant it. */
  session?: Session;
}

/**
 * RAS asked whether a link may come up. Onhook always lets it; another administration DLL may have
 * refused it all the same.
 */
export interface LinkUpEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "linkUp";
  /** The port that the link is on; its counters are near 0. */
  port: Port;
  /** Whose it is; absent when the registry does not grant it. */
  session?: Session;
}

/**
 * A user was authenticated, and RAS asked whether the connection may come up. Onhook always lets
 * it; another administration DLL may have refused it all the same.
 */
export interface ConnectionUpEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "connectionUp";
  /** Who connected, and how. */
  connection: Connection;
  /** Whose it is; absent when the registry does not grant it. */
  session?: Session;
}

/** The last link of a connection is gone. */
export interface ConnectionHangupEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "connectionHangup";
  /** Who was connected, and what went over the connection. */
  connection: Connection;
  /** Whose it is; absent when the registry does not grant it. */
  session?: Session;
}

/** The quarantine state of a live connection changed. */
export interface ReauthenticationEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "reauthentication";
  /** Who is connected, and the state. */
  connection: Connection;
  /** Whose it is; absent when the registry does not grant it. */
  session?: Session;
}

/** The remote access service loaded the library. */
export interface ServiceStartEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "serviceStart";
  /** The process that the library was loaded into. */
  service: Service;
}

/** The remote access service let the library go. */
export interface ServiceStopEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "serviceStop";
  /** The process that the library was loaded into. */
  service: StoppedService;
}

/** A session is over; made by the host, once for each session. */
export interface SessionEndEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "sessionEnd";
  /** RAS did not say that the connection is gone, the host has concluded it. */
  synthetic: boolean;
  /** Whose it was; absent when the registry does not grant it. */
  session?: Session;
  /** How long it lasted and what it carried; absent when the registry does not grant it. */
  end?: SessionEnd;
}

/** Events were lost: how many, when and why. */
export interface GapEvent extends EventCommon {
  /** Tells this event from the others. */
  type: "gap";
  /** What is known of the lost events. */
  gap: Gap;
}

/**
 * The port of a link, as RAS described it when the link came up or was taken down. RAS hands over two
 * structures, either of which may be missing: then its fields are absent. Numbers are 32-bit, so
 * counters start again at 0 after 4294967295.
 */
export interface Port {
  /** `hPort`, as `0x…`: names the port, which serves many connections one after the other. */
  handle?: string;
  /** `hConnection`, as `0x…`: joins the links of one connection. */
  connectionHandle?: string;
  /** Name of the port, such as `VPN2-127`; up to 17 UTF-16 code units. */
  name?: string;
  /** Name of the medium; up to 17 UTF-16 code units. */
  mediaName?: string;
  /** Name of the device, such as `WAN Miniport (IKEv2)`; up to 129 UTF-16 code units. */
  deviceName?: string;
  /** Class of the device, such as `vpn`; up to 17 UTF-16 code units. */
  deviceType?: string;
  /** State of the port. */
  condition?: PortCondition;
  /** Calls that the port has served, cumulative. */
  totalCalls?: number;
  /** Seconds that the connection has lasted. */
  connectDurationSeconds?: number;
  /** State of the port's hardware. */
  hardwareCondition?: HardwareCondition;
  /** Speed of the line in bits per second. */
  lineSpeedBitsPerSecond?: number;
  /** Bytes from the server to the client, as compressed on the wire. */
  bytesTransmitted?: number;
  /** Bytes from the client to the server, as compressed on the wire. */
  bytesReceived?: number;
  /** Frames from the server to the client. */
  framesTransmitted?: number;
  /** Frames from the client to the server. */
  framesReceived?: number;
  /**
   * Whether the line could have carried 2^32 bytes or more in the time of the connection, so that
   * the byte counters may have started again at 0. Absent when either structure is.
   */
  countersMayHaveWrapped?: boolean;
  /** Error counters. */
  errors?: PortErrors;
  /** Size after compression in percent of the size before, from the client. */
  compressionRatioIn?: number;
  /** Size after compression in percent of the size before, to the client. */
  compressionRatioOut?: number;
}

/** The process that the library was loaded into. */
export interface Service {
  /** Identity of this start of the service, 16 hexadecimal digits. */
  bootId: string;
  /** The process. */
  processId: number;
  /** Version of the library, such as `0.1.0`. */
  libraryVersion: string;
}

/** The process that the library was loaded into, at its end. */
export interface StoppedService extends Service {
  /** Callouts that the process served since its start. */
  calloutsTotal: number;
}

/** What is known of lost events. */
export interface Gap {
  /** How many were lost. */
  lost: number;
  /** False when `lost` is the least possible number. */
  exact: boolean;
  /** Time of the first one or a little earlier: ISO 8601, UTC, with microseconds. */
  firstTime: string;
  /** Time of the last one: ISO 8601, UTC, with microseconds. */
  lastTime: string;
  /** Why they were lost. */
  reasons: GapReason[];
}
