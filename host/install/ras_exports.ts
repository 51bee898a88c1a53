/** What RAS calls; without one of them it does not start. */
export const RAS_EXPORTS = [
  "MprAdminInitializeDll",
  "MprAdminTerminateDll",
  "MprAdminAcceptNewLink",
  "MprAdminLinkHangupNotification",
  "MprAdminAcceptReauthentication",
  "MprAdminAcceptNewConnection2",
  "MprAdminConnectionHangupNotification2",
] as const;
