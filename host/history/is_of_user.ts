import { normalizeUser } from "../events/normalize_user.ts";
import type { StoredEvent } from "./stored_event.ts";

/**
 * Whether it is known that an event is of a user.
 *
 * @param wanted The name in any form: `name`, `DOMAIN\name` or `name@realm`. A domain or a realm
 * that it leaves out does not narrow; capitals and small letters are the same. An empty name is
 * nobody's.
 */
export function isOfUser({ event }: Pick<StoredEvent, "event">, wanted: string): boolean {
  if (event === undefined) return false;
  const ofSession = "session" in event ? event.session?.account : undefined;
  const account = ofSession ?? ("connection" in event ? event.connection.account : undefined);
  const asked = normalizeUser(wanted, undefined);
  if (account === undefined || account.name !== asked?.name) return false;
  return (asked.domain ?? account.domain) === account.domain &&
    (asked.realm ?? account.realm) === account.realm;
}
