import { uint16, uint32 } from "./little_endian.ts";
import { readHex, readHex16 } from "./_number.ts";
import { readText } from "./_text.ts";
import { readTime } from "./_time.ts";
import { EntryError } from "./entry_error.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";
import { normalizeUser } from "./normalize_user.ts";
import type { Session } from "./session.ts";

const at = sessionLayout.session;
const max = layout.textUnitsMax;
const { withheld, unknown } = sessionLayout.sessionWord;

const sources: readonly Session["source"][] = [
  "unknown",
  "observed",
  "restored after a restart of the host",
];
/** The same for all events of nobody: most hangups are one while nothing was seen to come up. */
const nobody: Session = Object.freeze({ source: "unknown" });

/** Reads whose an event is; `undefined` when the plugin is not granted to know. */
export function decodeSession(view: DataView, entry: number, bytes: number): Session | undefined {
  const word = uint32(view, entry + layout.entry.reserved);
  if (word === unknown) return nobody;
  if (word === withheld) return undefined;
  if (word < layout.entry.payload || word + at.text > bytes) {
    throw new EntryError(`its session stands at ${word}, a place inside is wanted`, entry);
  }
  const start = entry + word;
  const userUnits = uint16(view, start + at.userUnits);
  const domainUnits = uint16(view, start + at.domainUnits);
  const computerUnits = uint16(view, start + at.computerUnits);
  const addressUnits = uint16(view, start + at.clientAddressUnits);
  const areTooLong = userUnits > max.userName || domainUnits > max.logonDomain ||
    computerUnits > max.remoteComputer || addressUnits > max.address;
  const domainAt = start + at.text + userUnits * 2;
  const computerAt = domainAt + domainUnits * 2;
  const addressAt = computerAt + computerUnits * 2;
  if (areTooLong || addressAt + addressUnits * 2 > entry + bytes) {
    throw new EntryError("the texts of its session are longer than they can be", entry);
  }
  const flags = view.getUint8(start + at.flags);
  const boot = readHex16(view, entry + layout.entry.boot);
  const session: Session = {
    id: `${boot}-${readHex(view, start + at.position)}`,
    source: "unknown",
  };
  if (userUnits > 0) session.user = readText(view, start + at.text, userUnits);
  if (domainUnits > 0) session.domain = readText(view, domainAt, domainUnits);
  const account = normalizeUser(session.user ?? "", session.domain);
  if (account !== undefined) session.account = account;
  if (computerUnits > 0) session.computer = readText(view, computerAt, computerUnits);
  if (addressUnits > 0) session.clientAddress = readText(view, addressAt, addressUnits);
  session.connectedAt = readTime(view, start + at.connectedAt, entry);
  session.linkCount = uint16(view, start + at.linkCount);
  session.isLastLink = (flags & 1) !== 0;
  session.uncertain = (flags & 2) !== 0;
  session.source = sources[view.getUint8(start + at.source)] ?? "unknown";
  return session;
}
