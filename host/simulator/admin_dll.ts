/**
 * What RAS calls of an administration DLL, as `Deno.dlopen` wants it, from the caller's side. All
 * pointers are RAS's structures, and each of them may be null.
 *
 * Source: the functions' prototypes in the Windows SDK's `mprapi.h`; `host/native/exports.def`.
 */
export const adminDllSymbols = {
  MprAdminInitializeDll: {
    parameters: [],
    result: "u32",
  },
  MprAdminTerminateDll: {
    parameters: [],
    result: "u32",
  },
  MprAdminAcceptNewConnection2: {
    parameters: [
      "buffer", // RAS_CONNECTION_0 *pRasConnection0
      "buffer", // RAS_CONNECTION_1 *pRasConnection1
      "buffer", // RAS_CONNECTION_2 *pRasConnection2
    ],
    result: "i32",
  },
  MprAdminAcceptNewLink: {
    parameters: [
      "buffer", // RAS_PORT_0 *pRasPort0
      "buffer", // RAS_PORT_1 *pRasPort1
    ],
    result: "i32",
  },
  MprAdminAcceptReauthentication: {
    parameters: [
      "buffer", // RAS_CONNECTION_0 *pRasConnection0
      "buffer", // RAS_CONNECTION_1 *pRasConnection1
      "buffer", // RAS_CONNECTION_2 *pRasConnection2
      "buffer", // RAS_CONNECTION_3 *pRasConnection3
    ],
    result: "i32",
  },
  MprAdminLinkHangupNotification: {
    parameters: [
      "buffer", // RAS_PORT_0 *pRasPort0
      "buffer", // RAS_PORT_1 *pRasPort1
    ],
    result: "void",
  },
  MprAdminConnectionHangupNotification2: {
    parameters: [
      "buffer", // RAS_CONNECTION_0 *pRasConnection0
      "buffer", // RAS_CONNECTION_1 *pRasConnection1
      "buffer", // RAS_CONNECTION_2 *pRasConnection2
    ],
    result: "void",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** A loaded administration DLL. */
export type AdminDll = Deno.DynamicLibrary<typeof adminDllSymbols>;
