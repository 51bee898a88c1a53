/** Does nothing with each hangup, which is the least that a plugin can do. */
import { definePlugin } from "onhook";

export default definePlugin({ onLinkHangup() {} });
