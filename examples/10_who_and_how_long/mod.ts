// RAS tells who connects when the connection comes up, and not when its links go. The host joins the
// two, and calls `onSessionEnd` once for each session, when all of it is over. The name is here only
// because registry.json grants "session.user" under "fields".
import { definePlugin } from "onhook";

export default definePlugin({
  onLinkHangup({ port, session }, ctx) {
    // Not every hangup has a session that the host has seen begin.
    const user = session?.user ?? "unknown";
    ctx.log.info("link down", { user, port: port.name, linksLeft: session?.linkCount });
  },
  onSessionEnd({ session, end }, ctx) {
    if (end === undefined) return;
    const { bytesTransmitted, bytesReceived, mayHaveWrapped } = end.totals;
    const bytes = bytesTransmitted + bytesReceived;
    ctx.log.info("session over", {
      user: session?.user,
      seconds: end.durationSeconds,
      links: end.links.length + end.linksOmitted,
      // Say it when a sum is the least that it can be: people are billed by it.
      bytes: mayHaveWrapped || !end.complete ? `at least ${bytes}` : bytes,
      reason: end.reason,
    });
  },
});
