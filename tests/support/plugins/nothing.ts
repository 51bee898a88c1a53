/** Settles everything at once. */
import { definePlugin } from "onhook";

export default definePlugin({ onLinkHangup() {} });
