/**
 * The fields of events that a registry entry can grant to a plugin. The first three name nobody and
 * are granted unless the entry says otherwise; the others name a person or lead to one. A field of
 * `session` or `connection` brings what names nobody there with it.
 *
 * What belongs to no field, such as an event's id, its time, or what was lost, comes always.
 */
export const grantableFields = [
  "port",
  "session",
  "connection",
  "session.user",
  "session.domain",
  "session.computer",
  "session.clientAddress",
  "connection.user",
  "connection.domain",
  "connection.computer",
  "connection.interfaceName",
  "connection.clientAddress",
] as const;

/** A field that can be granted. */
export type GrantableField = (typeof grantableFields)[number];

/** What is granted when a registry entry says nothing: everything that names nobody. */
export const defaultFields: readonly GrantableField[] = ["port", "session", "connection"];

/** The bit of each field in a mask of grants. */
export const grantBit = Object.fromEntries(
  grantableFields.map((field, place) => [field, 1 << place]),
) as Readonly<Record<GrantableField, number>>;

/** Everything granted. */
export const ALL_GRANTS: number = (1 << grantableFields.length) - 1;

/** The grants of a registry entry as a mask. */
export function grantMask(fields: readonly GrantableField[]): number {
  return fields.reduce((mask, field) => {
    const group = field.split(".")[0] as GrantableField;
    return mask | grantBit[field] | grantBit[group];
  }, 0);
}
