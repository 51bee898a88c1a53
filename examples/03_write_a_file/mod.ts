// A plugin that writes a file, a table that a spreadsheet can open. It may write into ./data and
// nowhere else, because registry.json grants just that: remove "permissions" there and every event
// fails with the name of the permission that is missing.
import { definePlugin } from "onhook";

const FILE = "./data/hangups.csv";

/** Quotes for CSV, and for spreadsheets that take a leading =, +, - or @ for a formula. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? "").replace(/^[=+\-@\t\r]/, "'$&");
  return `"${text.replaceAll('"', '""').replaceAll(/[\r\n]+/g, " ")}"`;
}

export default definePlugin({
  async onStart() {
    await Deno.mkdir("./data", { recursive: true });
  },
  async onLinkHangup({ id, time, port }, ctx) {
    const cells = [time, id, port.name, port.connectDurationSeconds, port.bytesTransmitted];
    // Delivery is at least once: the id in the line tells a second delivery from a second hangup.
    await Deno.writeTextFile(FILE, cells.map(cell).join(",") + "\n", { append: true });
    ctx.log.info("written", { file: FILE, port: port.name });
  },
});
