/**
 * `session-limit-report`: a line in the log for each user who holds more sessions at once than
 * allowed. It reports and hangs nobody up.
 *
 * Needs `read` and `write` for the folder of its list, and `fields` that name the user.
 *
 * @module
 */
import { sessionLimitReport } from "./session_limit_report.ts";

export default sessionLimitReport();
