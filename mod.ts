/**
 * Onhook: plugins in TypeScript for when a link of Windows Routing and Remote Access goes down.
 * This is the plugin author's door; importing it needs no permission and does nothing.
 *
 * @example
 * ```ts
 * import { definePlugin } from "onhook";
 *
 * export default definePlugin({
 *   onLinkHangup(event, ctx) {
 *     ctx.log.info("link down", { port: event.port.name });
 *   },
 * });
 * ```
 *
 * @module
 */
export { definePlugin } from "./host/runner/define_plugin.ts";
export type {
  ConfigSchema,
  Handler,
  HandlerResult,
  Plugin,
  PluginContext,
  PluginLog,
} from "./host/runner/define_plugin.ts";
export { normalizeUser } from "./host/events/normalize_user.ts";
export type {
  Account,
  AuthenticationProtocol,
  CcpFacts,
  CcpOption,
  CcpSide,
  ChapVariant,
  CompressionAlgorithm,
  Connection,
  ConnectionErrors,
  ConnectionFlag,
  InterfaceType,
  IpFacts,
  IpOption,
  Ipv6Facts,
  LcpFacts,
  LcpOption,
  LcpSide,
  QuarantineState,
} from "./host/events/connection.ts";
export type {
  ConnectionHangupEvent,
  ConnectionUpEvent,
  EventCommon,
  Gap,
  GapEvent,
  GapReason,
  HardwareCondition,
  LinkHangupEvent,
  LinkUpEvent,
  OnhookEvent,
  Port,
  PortCondition,
  ReauthenticationEvent,
  Service,
  ServiceStartEvent,
  ServiceStopEvent,
  Session,
  SessionEnd,
  SessionEndEvent,
  StoppedService,
} from "./host/events/event.ts";
export type {
  SessionCounters,
  SessionEndReason,
  SessionLink,
  SessionSource,
} from "./host/events/session.ts";
export type { PortErrors } from "./host/events/port_errors.ts";
