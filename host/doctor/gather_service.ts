import { serviceState } from "../windows/service_manager.ts";
import { systemTool } from "../windows/system_tool.ts";
import type { ServiceFacts } from "./check_service.ts";
import { type LoggedEvent, loggedEvents } from "./logged_events.ts";

const SERVICE = "RemoteAccess";
/** What the library writes as; `ONHOOK_KEYS.eventSource` makes it known. */
const SOURCE = "Onhook";
const ENTRIES = 20;

async function logged(log: string, query: string): Promise<LoggedEvent[] | string> {
  const { success, stdout, stderr } = await systemTool("wevtutil", [
    ...["qe", log, `/q:${query}`, `/c:${ENTRIES}`, "/rd:true", "/f:xml"],
  ]);
  return success ? loggedEvents(stdout) : stderr.trim() || "wevtutil.exe said nothing";
}

/** RRAS's state and its newest failures. */
export async function gatherService(): Promise<ServiceFacts> {
  const [remoteAccess, ends, library] = await Promise.all([
    logged("System", `*[System[Provider[@Name='${SERVICE}'] and (Level=1 or Level=2 or Level=3)]]`),
    logged("System", "*[System[Provider[@Name='Service Control Manager'] and EventID=7024]]"),
    logged("Application", `*[System[Provider[@Name='${SOURCE}']]]`),
  ]);
  const problem = [remoteAccess, ends, library].find((entries) => typeof entries === "string");
  // Its name as Windows shows it, which is another one in each language.
  const isOurs = ({ data }: LoggedEvent): boolean =>
    data.some((text) => /remote ?access|RAS\b/i.test(text));
  return {
    state: serviceState(SERVICE),
    remoteAccess: typeof remoteAccess === "string" ? [] : remoteAccess,
    ends: typeof ends === "string" ? [] : ends.filter(isOurs),
    library: typeof library === "string" ? [] : library,
    logProblem: problem as string | undefined,
  };
}
