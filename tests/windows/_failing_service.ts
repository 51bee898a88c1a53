/** Loads the library as the service does, starts and stops it; its journal cannot be opened. */
import { adminDllSymbols } from "../../host/simulator/admin_dll.ts";

const dll = Deno.dlopen(Deno.args[0]!, adminDllSymbols);
const started = dll.symbols.MprAdminInitializeDll();
dll.symbols.MprAdminLinkHangupNotification(null, null);
// The journal is tried again each second, and why it failed is told then.
await new Promise((resolve) => setTimeout(resolve, 2500));
const stopped = dll.symbols.MprAdminTerminateDll();
Deno.exit(started === 0 && stopped === 0 ? 0 : 1);
