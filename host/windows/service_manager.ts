import { advapi32 } from "./advapi32.ts";
import { kernel32 } from "./kernel32.ts";
import { wideText } from "./wide_text.ts";
import { WINDOWS_ERRORS, windowsCall } from "./windows_call.ts";

const CONNECT = 0x1;
const QUERY_STATUS = 0x4;
/** SERVICE_STATUS: seven numbers, the second one is the state. */
const STATUS_BYTES = 28;
const STATE_AT = 4;

/**
 * The state of a service: 1 stopped, 2 starting, 3 stopping, 4 running.
 *
 * @param name Its short name, such as `RemoteAccess`.
 * @returns Undefined when there is no such service.
 * @throws {NativeError} When Windows does not tell.
 */
export function serviceState(name: string): number | undefined {
  const { OpenSCManagerW, OpenServiceW, QueryServiceStatus, CloseServiceHandle } = advapi32();
  const { GetLastError } = kernel32();
  const manager = BigInt(OpenSCManagerW(0n, 0n, CONNECT));
  if (manager === 0n) windowsCall(GetLastError(), "ask the service manager");
  try {
    const service = BigInt(OpenServiceW(manager, wideText(name), QUERY_STATUS));
    if (service === 0n) {
      const status = GetLastError();
      if (status === WINDOWS_ERRORS.SERVICE_DOES_NOT_EXIST) return undefined;
      windowsCall(status, `open the service ${name}`);
    }
    const status = new Uint8Array(STATUS_BYTES);
    const isDone = QueryServiceStatus(service, status);
    const error = isDone === 0 ? GetLastError() : 0;
    CloseServiceHandle(service);
    windowsCall(error, `ask for the state of the service ${name}`);
    return new DataView(status.buffer).getUint32(STATE_AT, true);
  } finally {
    CloseServiceHandle(manager);
  }
}
