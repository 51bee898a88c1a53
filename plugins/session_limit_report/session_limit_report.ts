import { definePlugin, type Plugin, type Session } from "onhook";
import { type SessionLimitReportConfig, sessionLimitReportConfig } from "./config.ts";
import { type OpenSession, OpenSessions } from "./open_sessions.ts";

/** Ids of sessions that a line names. */
const IDS_MAX = 20;

function openSessions(path: string): OpenSessions {
  try {
    return new OpenSessions(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = cause instanceof Deno.errors.NotCapable
      ? 'grant "read" and "write" for its folder under "permissions" in the registry'
      : 'check "path" in its config';
    throw new Error(
      `Cannot open the list of sessions ${JSON.stringify(path)}: ${reason}; ${remedy}`,
      { cause },
    );
  }
}

/** A session that can be counted: it has an id, and somebody it belongs to. */
function openSession(session: Session | undefined): OpenSession | undefined {
  const { id, account, connectedAt } = session ?? {};
  if (id === undefined || account === undefined || connectedAt === undefined) return undefined;
  return { id, account: account.qualified, since: connectedAt };
}

/** A new `session-limit-report` with a list of its own. */
export function sessionLimitReport(): Plugin<SessionLimitReportConfig> {
  let open: OpenSessions | undefined;
  return definePlugin({
    config: sessionLimitReportConfig,
    onStart(ctx) {
      open = openSessions(ctx.config.path);
      for (const { account, sessions } of open.above(ctx.config.sessionsMax)) {
        ctx.log.warn("a user holds too many sessions", { account, sessions });
      }
    },
    onConnectionUp(event, ctx) {
      const session = openSession(event.session);
      if (session === undefined) {
        ctx.log.warn(
          'a session cannot be counted, because its user is not known; are "session.user" and ' +
            '"session.domain" among the "fields" of the registry entry?',
        );
        return;
      }
      if (!open!.add(session)) return;
      const all = open!.of(session.account);
      const { sessionsMax } = ctx.config;
      if (all.length <= sessionsMax) return;
      ctx.log.warn("a user holds too many sessions", {
        account: session.account,
        sessions: all.length,
        sessionsMax,
        oldest: all[0]!.since,
        ids: all.slice(-IDS_MAX).map(({ id }) => id),
      });
    },
    onSessionEnd(event) {
      const id = event.session?.id;
      if (id !== undefined) open!.remove(id);
    },
    onStop() {
      open?.[Symbol.dispose]();
    },
  });
}
