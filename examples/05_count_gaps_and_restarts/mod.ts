// The events that are no hangups: the service starts and stops, and a gap says how many events were
// lost and why. Whoever bills or audits has to know of gaps; here they are counted.
import { definePlugin } from "onhook";

const counted = { hangups: 0, lost: 0, starts: 0, stops: 0 };
let bootId = "";

export default definePlugin({
  onServiceStart({ service }, ctx) {
    counted.starts++;
    bootId = service.bootId;
    ctx.log.info("service started", { ...service });
  },
  onServiceStop({ service }, ctx) {
    counted.stops++;
    // A start without a stop before it means that the service died.
    if (bootId !== "" && bootId !== service.bootId) ctx.log.warn("stop of another start");
    ctx.log.info("service stopped", { callouts: service.calloutsTotal });
  },
  onGap({ gap }, ctx) {
    counted.lost += gap.lost;
    ctx.log.warn(gap.exact ? "events lost" : "events lost, at least", { ...gap });
  },
  onLinkHangup(_event, ctx) {
    counted.hangups++;
    ctx.log.info("counted", counted);
  },
  onStop(ctx) {
    ctx.log.info("since this process started", counted);
  },
});
