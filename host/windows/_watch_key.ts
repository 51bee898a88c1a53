import { advapi32, HKEY_LOCAL_MACHINE } from "./advapi32.ts";
import { kernel32 } from "./kernel32.ts";
import type { RegistryWatch } from "./registry_hive.ts";
import { wideText } from "./wide_text.ts";
import { WINDOWS_ERRORS } from "./windows_call.ts";

const KEY_NOTIFY = 0x10;
const KEY_WOW64_64KEY = 0x100;
/** Names of keys, values, and with them the rights; not bound to the thread that asks. */
const WHAT = 0x1 | 0x4 | 0x1000_0000;
const WAIT_TIMEOUT = 258;
/** A wait that nobody ends must end some time. */
const SLICE_MS = 30_000;

async function waitFor(event: bigint, isClosed: () => boolean): Promise<void> {
  while (!isClosed()) {
    if (await kernel32().WaitForSingleObject(event, SLICE_MS) !== WAIT_TIMEOUT) return;
  }
}

/** The machine's way to wait for a change, see `RegistryHive.watch`. */
export function watchKey(path: string): RegistryWatch | undefined {
  const { RegOpenKeyExW, RegNotifyChangeKeyValue, RegCloseKey } = advapi32();
  const { CreateEventW, SetEvent, CloseHandle } = kernel32();
  const out = new BigUint64Array(1);
  const rights = KEY_NOTIFY | KEY_WOW64_64KEY;
  const name = wideText(path);
  const view = new Uint8Array(out.buffer);
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, name, 0, rights, view) !== WINDOWS_ERRORS.SUCCESS) {
    return undefined;
  }
  const key = out[0]!;
  const event = CreateEventW(0n, 1, 0, 0n);
  if (event === 0n || RegNotifyChangeKeyValue(key, 1, WHAT, event, 1) !== WINDOWS_ERRORS.SUCCESS) {
    RegCloseKey(key);
    if (event !== 0n) CloseHandle(event);
    return undefined;
  }
  let isClosed = false;
  const changed = waitFor(event, () => isClosed).finally(() => {
    isClosed = true;
    // The event last: closing the key sets it.
    RegCloseKey(key);
    CloseHandle(event);
  });
  return {
    changed,
    close() {
      if (isClosed) return;
      isClosed = true;
      SetEvent(event);
    },
  };
}
