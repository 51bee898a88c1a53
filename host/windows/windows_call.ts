import { NativeError } from "../internal/errors.ts";

/** What the system's error numbers mean here and what to do about them. */
const MEANINGS: Readonly<Record<number, readonly [is: string, todo: string]>> = {
  2: ["there is no such thing", "check its name"],
  3: ["there is no such folder", "check the path"],
  5: ["access is denied", "start it as an administrator"],
  6: ["the handle is not valid", "report this defect"],
  8: ["there is not enough memory", "free memory and try again"],
  32: ["another process has it open", "stop that process first"],
  33: ["another process has locked it", "stop that process first"],
  87: ["a parameter is not allowed", "report this defect"],
  126: ["a library that it needs is missing", "use a complete installation of Windows"],
  183: ["it is there already", "use the one that is there"],
  1018: ["the registry key is being deleted", "close what uses it and try again"],
  1020: ["the registry key has keys in it", "remove those first"],
  1060: ["there is no such service", "check that its role is installed"],
  1314: ["a privilege is missing", "start it as an administrator"],
};

/** Statuses that callers tell apart. */
export const WINDOWS_ERRORS = {
  SUCCESS: 0,
  FILE_NOT_FOUND: 2,
  PATH_NOT_FOUND: 3,
  ACCESS_DENIED: 5,
  MORE_DATA: 234,
  NO_MORE_ITEMS: 259,
  KEY_DELETED: 1018,
  SERVICE_DOES_NOT_EXIST: 1060,
} as const;

/**
 * The one way from a status of Windows to an error.
 *
 * @param status What the call gave, or what GetLastError gave after it.
 * @param action What was tried, such as `read HKLM\SOFTWARE\Onhook`.
 * @throws {NativeError} When the status is not 0; `systemCode` has it.
 */
export function windowsCall(status: number, action: string): void {
  if (status === WINDOWS_ERRORS.SUCCESS) return;
  const [is, todo] = MEANINGS[status] ?? ["Windows refused", "look the number up: net helpmsg"];
  throw new NativeError(`Cannot ${action}: ${is} (error ${status}); ${todo}`, {
    code: -status,
    symbol: `WINDOWS_${status}`,
    systemCode: status,
    processId: 0,
  });
}
