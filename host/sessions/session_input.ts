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
  readonly handle?: HandleKey | undefined;
  /** The connection's GUID, unless it is nothing but zeros. */
  readonly guid?: string | undefined;
  readonly who: Who;
  readonly counters?: Counters | undefined;
  readonly seconds?: number | undefined;
}

/** An event about a link, as far as it concerns sessions. */
export interface LinkInput extends InputCommon {
  readonly kind: "linkUp" | "linkHangup";
  /** `hConnection`; left out when RAS gave none. */
  readonly handle?: HandleKey | undefined;
  /** `hPort`; left out when RAS gave none. */
  readonly port?: HandleKey | undefined;
  readonly name?: string | undefined;
  readonly totalCalls?: number | undefined;
  readonly seconds?: number | undefined;
  readonly counters?: Counters | undefined;
  readonly mayHaveWrapped?: boolean | undefined;
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
