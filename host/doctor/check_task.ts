import { INSTALL_NAMES } from "../install/install_names.ts";
import { scheduledTasks } from "../install/scheduled_tasks.ts";
import type { Finding } from "./finding.ts";

/** The scheduled task that starts the host. */
export async function checkTask(): Promise<Finding> {
  const check = "host-task";
  const definition = await scheduledTasks.definition(INSTALL_NAMES.task);
  return definition === undefined
    ? {
      check,
      severity: "warning",
      found: `there is no scheduled task ${INSTALL_NAMES.task}`,
      matters: "the host does not start with the machine; events wait until somebody starts it",
      remedy: "deno task install, from an elevated terminal",
    }
    : {
      check,
      severity: "fine",
      found: `the scheduled task ${INSTALL_NAMES.task}`,
      matters: "the host starts with the machine",
    };
}
