import type { Finding } from "./finding.ts";

/** What is true of the journal and of who writes and reads it. */
export interface JournalFacts {
  readonly path: string;
  /** The journal that the library writes when it is another one (Windows). */
  readonly installedPath?: string | undefined;
  /** Undefined when there is no such file. */
  readonly journal: JournalState | undefined;
  /** Why the file cannot be used, if it is there and cannot. */
  readonly problem?: string | undefined;
}

/** What a journal says of itself, and whether those it names run. */
export interface JournalState {
  readonly capacityBytes: number;
  readonly waitingBytes: number;
  /** The same a moment before. */
  readonly waitingBytesBefore: number;
  /** Whether something was taken out in between. */
  readonly hasMoved: boolean;
  readonly lostTotal: number;
  readonly lostAcknowledged: number;
  readonly readerPid: number;
  readonly isReaderRunning: boolean;
  readonly writerPid: number;
  readonly isWriterRunning: boolean;
  readonly serviceStarts: number;
  readonly lastServiceStartMs: number;
  /** The newest event that the host has stored, undefined for none. */
  readonly newestStored: { readonly timeMs: number; readonly boot: string } | undefined;
  /** What the callouts cost, undefined when that could not be read. */
  readonly callouts: CalloutCost | undefined;
}

/** What callouts cost the remote access service, in nanoseconds. */
export interface CalloutCost {
  readonly total: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly maxNs: number;
}

/** Beyond these, callouts are a wait that users could notice when many hang up at once. */
const P99_NS_MAX = 1_000_000;
const MAX_NS_MAX = 100_000_000;
const NEARLY_FULL = 0.5;

const percent = (part: number): string => `${Math.round(part * 100)} %`;
const micro = (ns: number): string => `${(ns / 1000).toFixed(1)} µs`;

function readerFinding({ readerPid, isReaderRunning, waitingBytes }: JournalState): Finding {
  const check = "host-running";
  if (readerPid !== 0 && isReaderRunning) {
    const found = `process ${readerPid} reads the journal`;
    return { check, severity: "fine", found, matters: "events reach the plugins" };
  }
  const found = readerPid === 0 ? "no host reads the journal" : `process ${readerPid} is gone`;
  const waits = waitingBytes > 0 ? `, of which ${waitingBytes} bytes wait now` : "";
  return {
    check,
    severity: "error",
    found,
    matters: `events stay in the journal${waits}; when it is full they are counted and lost`,
    remedy: "start deno task host, on a server schtasks /Run /TN \\Onhook\\Host; if it does not " +
      "stay, its log says why (host.log, and host.stderr.log when it did not start, beside the journal)",
  };
}

function movingFinding(state: JournalState): Finding {
  const check = "journal-moving";
  const { capacityBytes, waitingBytes, waitingBytesBefore, hasMoved, isReaderRunning } = state;
  const part = capacityBytes === 0 ? 0 : waitingBytes / capacityBytes;
  const found = `${waitingBytes} bytes wait, ${percent(part)} of the journal`;
  const isStuck = isReaderRunning && waitingBytes > 0 && waitingBytesBefore > 0 && !hasMoved;
  if (isStuck) {
    return {
      check,
      severity: "error",
      found: `${found}, and the host took nothing out of it meanwhile`,
      matters: "nothing reaches the plugins; when the journal is full, events are lost",
      remedy: "look at the host's log: its store may not be writable (disk full, rights)",
    };
  }
  const severity = part >= NEARLY_FULL ? "warning" : "fine";
  return {
    check,
    severity,
    found,
    matters: severity === "fine" ? "there is room" : "when it is full, events are lost",
    ...severity === "warning" && { remedy: "see that a host runs on this journal" },
  };
}

function lossFinding({ lostTotal, lostAcknowledged }: JournalState): Finding {
  const check = "lost-events";
  if (lostTotal === 0) {
    return { check, severity: "fine", found: "none were lost", matters: "nothing is missing" };
  }
  const open = lostTotal - lostAcknowledged;
  return {
    check,
    severity: "warning",
    found: `${lostTotal} events were lost since the journal was made` +
      (open > 0 ? `, ${open} of which no plugin has been told of yet` : ""),
    matters: "they are gone; plugins get a gap event that says how many and when",
    remedy:
      "deno task history shows the gaps and when they were; keep the host running, or make the journal " +
      "larger: --journal-bytes for a new one",
  };
}

function startFinding(state: JournalState): Finding {
  const check = "service-starts";
  const { serviceStarts, lastServiceStartMs, newestStored, writerPid, isWriterRunning } = state;
  if (serviceStarts === 0) {
    return {
      check,
      severity: "warning",
      found: "no service has ever written to this journal",
      matters: "RRAS has not loaded the library since it was installed, or writes elsewhere",
      remedy: "restart RRAS at a quiet hour (it disconnects every user); without RRAS try deno " +
        "task simulate",
    };
  }
  const when = new Date(lastServiceStartMs).toISOString();
  const identity = newestStored === undefined ? "" : ` (events of ${newestStored.boot} stored)`;
  const found = `${serviceStarts} starts, the last at ${when}${identity} by process ${writerPid}`;
  // The start is an event itself, and no event of its boot is older.
  const isUnseen = newestStored === undefined || newestStored.timeMs < lastServiceStartMs - 1;
  if (isUnseen && state.waitingBytes === 0) {
    return {
      check,
      severity: "warning",
      found: `${found}; the host's store has nothing since then`,
      matters: "the host may use another journal or state folder than this one",
      remedy: "name the host's own with --journal and --state",
    };
  }
  return isWriterRunning ? { check, severity: "fine", found, matters: "the library is loaded" } : {
    check,
    severity: "note",
    found: `${found}, which is gone`,
    matters: "no events come until the service runs again",
  };
}

function calloutFinding({ callouts }: JournalState): Finding {
  const check = "callout-times";
  if (callouts === undefined || callouts.total === 0) {
    const found = callouts === undefined ? "they cannot be read" : "no callout has been made yet";
    return { check, severity: "note", found, matters: "nothing can be said of them" };
  }
  const { total, p50Ns, p99Ns, maxNs } = callouts;
  const found = `${total} callouts, half below ${micro(p50Ns)}, 99 of 100 below ${micro(p99Ns)}, ` +
    `the longest ${micro(maxNs)}`;
  const isSlow = p99Ns > P99_NS_MAX || maxNs > MAX_NS_MAX;
  return isSlow
    ? {
      check,
      severity: "warning",
      found,
      matters: "RRAS makes callouts one after the other: our time is every user's wait",
      remedy: "look whether the machine is short of memory or the journal's disk is slow",
    }
    : { check, severity: "fine", found, matters: "users do not notice" };
}

/** Says what the journal tells of the library, the host and the events. */
export function checkJournal({ path, installedPath, journal, problem }: JournalFacts): Finding[] {
  const check = "journal";
  const findings: Finding[] = [];
  if (installedPath !== undefined && installedPath.toUpperCase() !== path.toUpperCase()) {
    findings.push({
      check: "journal-path",
      severity: "error",
      found: `this is ${path}, and the library writes ${installedPath}`,
      matters: "a host on this journal gets no events",
      remedy:
        "leave --journal and ONHOOK_JOURNAL away, or change HKLM\\SOFTWARE\\Onhook!JournalPath",
    });
  }
  if (problem !== undefined) {
    const remedy = "move the file away, so that a new one is made, and keep it for examination";
    const matters = "neither the library nor the host uses it";
    return [...findings, {
      check,
      severity: "error",
      found: `${path}: ${problem}`,
      matters,
      remedy,
    }];
  }
  if (journal === undefined) {
    return [...findings, {
      check,
      severity: "error",
      found: `there is no journal ${path}`,
      matters: "neither a host nor the library has been started yet",
      remedy: "start deno task host, or name the journal with --journal=PATH",
    }];
  }
  const found = `${path}, ${journal.capacityBytes / 1024 / 1024} MiB`;
  return [
    ...findings,
    { check, severity: "fine", found, matters: "events wait in it while no host runs" },
    readerFinding(journal),
    movingFinding(journal),
    lossFinding(journal),
    startFinding(journal),
    calloutFinding(journal),
  ];
}
