/**
 * `session-report`: totals per port and hour into the host's log, by the events' own time. Pure: it
 * needs no permission, and what it has counted is gone when its process is killed.
 *
 * @module
 */
import { sessionReport } from "./session_report.ts";

export default sessionReport();
