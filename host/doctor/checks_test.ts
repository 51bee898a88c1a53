import { assertEquals } from "@std/assert";
import { checkDeno } from "./check_deno.ts";
import { checkDllList, type ListedDll } from "./check_dll_list.ts";
import { checkJournal, type JournalState } from "./check_journal.ts";
import { checkRights } from "./check_rights.ts";
import { checkService, type ServiceFacts } from "./check_service.ts";
import { exitCodeOfFindings, type Finding } from "./finding.ts";
import { loggedEvents } from "./logged_events.ts";
import { RAS_EXPORTS } from "../install/ras_exports.ts";

const NOBODY = { foreignOwner: undefined, writers: [] };
const START_MS = Date.UTC(2026, 10, 22, 10);

const GOOD: JournalState = {
  capacityBytes: 64 * 1024 * 1024,
  waitingBytes: 0,
  waitingBytesBefore: 0,
  hasMoved: false,
  lostTotal: 0,
  lostAcknowledged: 0,
  readerPid: 1,
  isReaderRunning: true,
  writerPid: 2,
  isWriterRunning: true,
  serviceStarts: 1,
  lastServiceStartMs: START_MS,
  newestStored: { timeMs: START_MS, boot: "00000000000000aa" },
  callouts: { total: 10, p50Ns: 300, p99Ns: 2000, maxNs: 9000 },
};

/** What is wrong, as `severity check`. */
const wrong = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity !== "fine")
    .map(({ severity, check }) => `${severity} ${check}`);

const journal = (change: Partial<JournalState>): Finding[] =>
  checkJournal({ path: "/j", journal: { ...GOOD, ...change } });

Deno.test("checkJournal() finds nothing wrong with a journal that moves", () => {
  assertEquals(wrong(journal({})), []);
  assertEquals(exitCodeOfFindings(journal({})), 0);
});

Deno.test("checkJournal() tells each pitfall apart", () => {
  const table: [Partial<JournalState>, string[]][] = [
    [{ readerPid: 0, isReaderRunning: false }, ["error host-running"]],
    [{ isReaderRunning: false }, ["error host-running"]],
    [{ waitingBytes: 640, waitingBytesBefore: 640 }, ["error journal-moving"]],
    [{ waitingBytes: 640, waitingBytesBefore: 640, hasMoved: true }, []],
    [
      { waitingBytes: 40 * 1024 * 1024, waitingBytesBefore: 1, hasMoved: true },
      ["warning journal-moving"],
    ],
    [{ lostTotal: 5, lostAcknowledged: 2 }, ["warning lost-events"]],
    [{ serviceStarts: 0, lastServiceStartMs: 0 }, ["warning service-starts"]],
    [{ newestStored: undefined }, ["warning service-starts"]],
    [{ lastServiceStartMs: START_MS + 1000 }, ["warning service-starts"]],
    [{ isWriterRunning: false }, ["note service-starts"]],
    [{ callouts: { total: 1, p50Ns: 1, p99Ns: 2e6, maxNs: 2e6 } }, ["warning callout-times"]],
    [{ callouts: undefined }, ["note callout-times"]],
  ];
  for (const [change, wanted] of table) {
    assertEquals(wrong(journal(change)), wanted, JSON.stringify(change));
  }
});

Deno.test("checkJournal() tells a missing journal, a wrong file and another place apart", () => {
  assertEquals(wrong(checkJournal({ path: "/j", journal: undefined })), ["error journal"]);
  const problem = checkJournal({ path: "/j", journal: undefined, problem: "no journal" });
  assertEquals(wrong(problem), ["error journal"]);
  const other = checkJournal({ path: "C:\\a", installedPath: "C:\\b", journal: GOOD });
  assertEquals(wrong(other), ["error journal-path"]);
  assertEquals(wrong(checkJournal({ path: "C:\\a", installedPath: "c:\\A", journal: GOOD })), []);
});

const OURS: ListedDll = {
  entry: "C:\\o\\onhook.dll",
  isOurs: true,
  exists: true,
  dll: { architecture: "x64", exports: RAS_EXPORTS },
  rights: NOBODY,
};
const OTHER: ListedDll = {
  entry: "C:\\other.dll",
  isOurs: false,
  exists: true,
  dll: { architecture: "x64", exports: ["MprAdminInitializeDllEx", ...RAS_EXPORTS.slice(1, 4)] },
  rights: NOBODY,
};

const dlls = (...list: ListedDll[]): Finding[] =>
  checkDllList({ isThere: true, problem: undefined, dlls: list });

Deno.test("checkDllList() says where ours is among the others", () => {
  assertEquals(wrong(dlls(OTHER, OURS)), []);
  assertEquals(dlls(OTHER, OURS)[1]!.found, "ours is 2 of 2: other.dll, ours");
  assertEquals(wrong(dlls(OTHER)), ["error dll-order"]);
  assertEquals(wrong(dlls(OURS, OURS)), ["error dll-order"]);
  const none = checkDllList({ isThere: false, problem: undefined, dlls: [] });
  assertEquals(wrong(none), ["error dll-list"]);
});

Deno.test("checkDllList() names every entry that keeps RRAS from starting", () => {
  const broken: [Partial<ListedDll>, string][] = [
    [{ exists: false, dll: undefined }, "C:\\other.dll is not there (error 2 or 126)"],
    [{ dll: undefined }, "C:\\other.dll is no DLL (error 193)"],
    [{ dll: { ...OTHER.dll!, architecture: "x86" } }, "C:\\other.dll is for x86 (error 193)"],
    [
      { dll: { ...OTHER.dll!, exports: RAS_EXPORTS.slice(1, 3) } },
      "C:\\other.dll has no MprAdminInitializeDll, MprAdminLinkHangupNotification (error 127)",
    ],
    [{ entry: "" }, "an empty entry"],
  ];
  for (const [change, found] of broken) {
    const findings = dlls(OURS, { ...OTHER, ...change });
    assertEquals(wrong(findings), ["error dll-list"], found);
    assertEquals(findings[0]!.found, found);
  }
  const ours = dlls({ ...OURS, dll: { architecture: "x64", exports: RAS_EXPORTS.slice(0, 6) } });
  assertEquals(wrong(ours), ["error dll-list"]);
  const open = dlls(OURS, { ...OTHER, rights: { foreignOwner: "S-1-5-21-1", writers: ["Users"] } });
  assertEquals(wrong(open), ["error dll-rights"]);
  const exports = [...OTHER.dll!.exports, "MprAdminGetIpAddressForUser"];
  const addresses = dlls(OURS, { ...OTHER, dll: { architecture: "x64", exports } });
  assertEquals(wrong(addresses), ["note dll-addresses"]);
});

/** As Windows' wevtutil prints it, one behind the other, without a root. */
const LOG = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>` +
  `<Provider Name='Service Control Manager' Guid='{555908d1}'/><EventID Qualifiers='49152'>7024` +
  `</EventID><TimeCreated SystemTime='2026-11-22T10:00:00.123Z'/></System><EventData>` +
  `<Data Name='param1'>Routing and Remote Access</Data><Data Name='param2'>%%193</Data>` +
  `</EventData></Event>\r\n<Event xmlns='x'><System><EventID>20103</EventID><TimeCreated ` +
  `SystemTime="2026-11-22T09:59:59Z"/></System><EventData><Data>C:\\a&amp;b.dll</Data><Data/>` +
  `</EventData></Event>`;

Deno.test("loggedEvents() reads entries of a log and leaves out what is none", () => {
  assertEquals(loggedEvents(LOG), [
    {
      id: 7024,
      time: "2026-11-22T10:00:00.123Z",
      data: ["Routing and Remote Access", "%%193"],
    },
    { id: 20103, time: "2026-11-22T09:59:59Z", data: ["C:\\a&b.dll", ""] },
  ]);
  assertEquals(loggedEvents("<Event><System/></Event> Das System kann nicht"), []);
});

Deno.test("checkService() gives the known numbers their meaning while RRAS does not run", () => {
  const [end, entry] = loggedEvents(LOG);
  const facts: ServiceFacts = {
    state: 1,
    ends: [end!],
    remoteAccess: [entry!],
    library: [],
    logProblem: undefined,
  };
  const findings = checkService(facts);
  assertEquals(wrong(findings), ["error rras-service", "error service-ends", "warning event-log"]);
  assertEquals(findings[1]!.found, "2026-11-22T10:00:00.123Z the service ended with error 193");
  assertEquals(findings[1]!.matters, "a DLL is not for x64");
  assertEquals(findings[2]!.matters, "a DLL of the router could not be loaded");
  assertEquals(wrong(checkService({ ...facts, state: 4 })), [
    "note service-ends",
    "note event-log",
  ]);
  const quiet = { state: 4, ends: [], remoteAccess: [], library: [], logProblem: undefined };
  assertEquals(wrong(checkService(quiet)), []);
  assertEquals(wrong(checkService({ ...quiet, state: undefined })), ["error rras-service"]);
  assertEquals(wrong(checkService({ ...quiet, logProblem: "no" })), ["warning event-log"]);
  assertEquals(wrong(checkService({ ...facts, logProblem: "no" })), [
    "error rras-service",
    "warning event-log",
    "error service-ends",
    "warning event-log",
  ]);
});

Deno.test("checkService() passes on what the library has said, its newest words first", () => {
  const [first, second, ...rest] = checkService({
    state: 4,
    ends: [],
    remoteAccess: [],
    library: [5, 4, 3, 2].map((id) => ({ id, time: "2026-11-22T10:00:00Z", data: ["It is so."] })),
    logProblem: undefined,
  });
  assertEquals(first!.check, "rras-service");
  assertEquals(second!.found, "2026-11-22T10:00:00Z 5: It is so.");
  assertEquals(wrong(rest), ["note library-log", "note library-log"]);
});

Deno.test("checkRights() lets the host's account write and nobody else", () => {
  const path = (rights: typeof NOBODY | { foreignOwner?: string; writers: string[] }) =>
    checkRights([
      { path: "C:\\p", what: "the journal", rights: { foreignOwner: undefined, ...rights } },
    ], "LOCAL SERVICE");
  assertEquals(wrong(path(NOBODY)), []);
  assertEquals(wrong(path({ foreignOwner: "LOCAL SERVICE", writers: ["LOCAL SERVICE"] })), []);
  const [open] = path({ foreignOwner: "S-1-5-21-1", writers: ["LOCAL SERVICE", "Users"] });
  assertEquals(open!.found, "the journal C:\\p can be changed by Users and belongs to S-1-5-21-1");
  assertEquals(exitCodeOfFindings([open!]), 3);
});

Deno.test("checkDeno() warns of versions that nothing was tested with", () => {
  assertEquals(["2.9.5", "2.9.6", "2.10.0", "3.9.0"].map((it) => checkDeno(it).severity), [
    "fine",
    "note",
    "warning",
    "warning",
  ]);
});
