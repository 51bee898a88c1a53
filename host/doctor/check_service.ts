import type { Finding } from "./finding.ts";
import type { LoggedEvent } from "./logged_events.ts";

/** What Windows says of RRAS. */
export interface ServiceFacts {
  /** SERVICE_STOPPED is 1, running 4; undefined when there is no such service. */
  readonly state: number | undefined;
  /** The newest entries of RemoteAccess in the System log that are no information, newest first. */
  readonly remoteAccess: readonly LoggedEvent[];
  /** The newest failed ends of the service (Service Control Manager 7024), newest first. */
  readonly ends: readonly LoggedEvent[];
  /** The newest entries of the library in the Application log, newest first. */
  readonly library: readonly LoggedEvent[];
  /** Why the log could not be read, if it could not. */
  readonly logProblem: string | undefined;
}

const STATES: Readonly<Record<number, string>> = {
  1: "stopped",
  2: "starting",
  3: "stopping",
  4: "running",
  7: "paused",
};

/** What ended the service, by its error number. Where public words are missing, it says so. */
const ENDS: Readonly<Record<string, string>> = {
  "2": "a file was not found: look at each path in DLLPath",
  "5": "access was denied: SYSTEM must be able to read every DLL of DLLPath",
  "31": "a device does not work; most often IPv6 was switched off on the machine",
  "87": "a parameter was not allowed; there are no public words on which",
  "126": "a DLL or one that it needs was not found: look at each path in DLLPath",
  "127": "a DLL lacks a function that RAS wants",
  "193": "a DLL is not for x64",
  "1114": "a DLL failed while it was loaded",
  "16389": "something failed without a name; look at the RemoteAccess entries right before it",
  "20205": "something failed in RAS itself; look at the RemoteAccess entries right before it",
};

const REMOTE_ACCESS: Readonly<Record<number, string>> = {
  20070: "a module of PPP could not be loaded",
  20071: "a module of PPP failed to start; SYSTEM must be able to read it",
  20103: "a DLL of the router could not be loaded",
  20152: "the authentication provider could not be loaded",
  20271: "somebody failed to authenticate",
};

const ENTRIES_SHOWN = 3;

function stateFinding(state: number | undefined): Finding {
  const check = "rras-service";
  if (state === undefined) {
    return {
      check,
      severity: "error",
      found: "there is no service RemoteAccess",
      matters: "without RRAS there is nothing to react to",
      remedy: "install the role Remote Access (Routing), or try deno task demo",
    };
  }
  const found = `RemoteAccess is ${STATES[state] ?? `in state ${state}`}`;
  if (state === 4) return { check, severity: "fine", found, matters: "VPN users can connect" };
  return {
    check,
    severity: "error",
    found,
    matters: "nobody can connect, and no event comes",
    remedy: "Start-Service RemoteAccess; if it fails, the entries below say why",
  };
}

function words({ id, time, data }: LoggedEvent): string {
  return `${time} ${id}: ${data.join(", ").slice(0, 200)}`;
}

/** Says what is true of RRAS, and what the event log tells of its failures. */
export function checkService(facts: ServiceFacts): Finding[] {
  const findings = [stateFinding(facts.state)];
  if (facts.logProblem !== undefined) {
    const found = `the event log cannot be read as a whole: ${facts.logProblem}`;
    const matters = "why RRAS failed, if it did, cannot be told";
    findings.push({ check: "event-log", severity: "warning", found, matters });
  }
  // What has happened to a service that runs is over.
  const isOver = facts.state === 4;
  for (const end of facts.ends.slice(0, ENTRIES_SHOWN)) {
    const code = end.data.at(-1)?.replace(/^%+/, "") ?? "";
    findings.push({
      check: "service-ends",
      severity: isOver ? "note" : "error",
      found: `${end.time} the service ended with error ${code}`,
      matters: ENDS[code] ?? "there are no public words on this number: net helpmsg may know it",
      ...!isOver && { remedy: "mend that, then Start-Service RemoteAccess" },
    });
  }
  for (const entry of facts.remoteAccess.slice(0, ENTRIES_SHOWN)) {
    findings.push({
      check: "event-log",
      severity: isOver || entry.id === 20271 ? "note" : "warning",
      found: words(entry),
      matters: REMOTE_ACCESS[entry.id] ?? "RemoteAccess says so itself",
    });
  }
  for (const entry of facts.library.slice(0, ENTRIES_SHOWN)) {
    // Whether it still is so, the checks of the journal tell.
    findings.push({
      check: "library-log",
      severity: "note",
      found: words(entry),
      matters: "the library said so itself, in RRAS or whoever else had loaded it",
    });
  }
  if (findings.length === 1) {
    findings.push({
      check: "event-log",
      severity: "fine",
      found: "no failures of RemoteAccess or of the library in the event log",
      matters: "RRAS has had no trouble with its DLLs",
    });
  }
  return findings;
}
