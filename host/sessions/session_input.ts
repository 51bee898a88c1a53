import type { Counters, HandleKey, Who } from "./session_record.ts";

/** What every input has. */
interface InputCommon {
  /** Identity of the service start, 16 hexadecimal digits. */
  readonly boot: string;
  /** Place in the journal. */
  readonly position: HandleKey;
  /** The library's clock, microseconds since 1970 UTC. */
  readonly timeUs: number;
}

/** An event about a connection, as far as it concerns sessions. */
export interface ConnectionInput extends InputCommon {
  readonly kind: "connectionUp" | "connectionHangup" | "reauthentication";
  /** `hConnection`; left out when RAS gave none. */
  readonly handle?: HandleKey;
  /** The connection's GUID, unless it is nothing but zeros. */
  readonly guid?: string;
  readonly who: Who;
  readonly counters?: Counters;
  readonly seconds?: number;
}

/** An event about a link, as far as it concerns sessions. */
export interface LinkInput extends InputCommon {
  readonly kind: "linkUp" | "linkHangup";
  /** `hConnection`; left out when RAS gave none. */
  readonly handle?: HandleKey;
  /** `hPort`; left out when RAS gave none. */
  readonly port?: HandleKey;
  readonly name?: string;
  readonly totalCalls?: number;
  readonly seconds?: number;
  readonly counters?: Counters;
  readonly mayHaveWrapped?: boolean;
}

/** A start or stop of the service. */
export interface ServiceInput extends InputCommon {
  readonly kind: "serviceStart" | "serviceStop";
}

/** Events were lost. */
export interface GapInput {
  readonly kind: "gap";
}

/** One event, as far as it concerns sessions. */
export type SessionInput = ConnectionInput | LinkInput | ServiceInput | GapInput;
