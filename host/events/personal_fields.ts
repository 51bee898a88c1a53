/**
 * The fields that name a person or lead to one, as paths in an event. A path names the field with
 * all that is in it. What is not listed describes lines, not people.
 *
 * `connection.interfaceName` is among them because the two sides of a demand-dial connection log on
 * as users who are named like the interface.
 */
export const personalFields = [
  "connection.user",
  "connection.domain",
  "connection.account",
  "connection.computer",
  "connection.interfaceName",
  "connection.clientAddress",
  "connection.ipv6.clientInterfaceId",
  "connection.ipv6.clientPrefix",
  "session.user",
  "session.domain",
  "session.account",
  "session.computer",
  "session.clientAddress",
] as const;
