/** One entry of a Windows event log. */
export interface LoggedEvent {
  readonly id: number;
  /** When, as the log says it: ISO 8601 UTC. */
  readonly time: string;
  /** Its inserts, in their order. */
  readonly data: readonly string[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

const plain = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);

/** Reads what `wevtutil qe … /f:xml` prints; what is no entry is left out. */
export function loggedEvents(xml: string): LoggedEvent[] {
  return [...xml.matchAll(/<Event\b[\s\S]*?<\/Event>/g)].flatMap(([entry]) => {
    const id = /<EventID\b[^>]*>(\d+)<\/EventID>/.exec(entry)?.[1];
    const time = /<TimeCreated\b[^>]*SystemTime=['"]([^'"]+)['"]/.exec(entry)?.[1];
    if (id === undefined || time === undefined) return [];
    const data = [...entry.matchAll(/<Data\b[^>]*?(?:\/>|>([\s\S]*?)<\/Data>)/g)]
      .map(([, text = ""]) => plain(text).trim());
    return [{ id: Number(id), time, data }];
  });
}
