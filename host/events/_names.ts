/** Names, each beside its number or its bit. */
export type Pairs<Name extends string> = readonly (readonly [number, Name])[];

type Unknown = `unknown(${string})`;

/** Pairs of names that stand at the places of their bits. */
export function bitPairs<const Name extends string>(names: readonly Name[]): Pairs<Name> {
  return names.map((name, bit) => [2 ** bit, name] as const);
}

/** The name that stands at the place of its number. */
export function indexedName<const Name extends string>(
  names: readonly Name[],
  value: number,
): Name | Unknown {
  return names[value] ?? `unknown(${value})`;
}

/** The name beside a number. */
export function nameOf<const Name extends string>(
  pairs: Pairs<Name>,
  value: number,
): Name | Unknown {
  for (const [number, name] of pairs) if (number === value) return name;
  return `unknown(${value})`;
}

/** The names of the bits that are set, lowest first; one `unknown(N)` for each unknown one. */
export function namesOf<const Name extends string>(
  pairs: Pairs<Name>,
  mask: number,
): (Name | Unknown)[] {
  const names: (Name | Unknown)[] = [];
  for (let rest = mask | 0; rest !== 0; rest &= rest - 1) {
    names.push(nameOf(pairs, (rest & -rest) >>> 0));
  }
  return names;
}

/** The inverse of {@linkcode indexedName}; 0 without a name. */
export function numberAt(names: readonly string[], name: string | undefined): number {
  if (name === undefined) return 0;
  const index = names.indexOf(name);
  return index === -1 ? unknownNumber(name) : index;
}

/** The inverse of {@linkcode nameOf}; 0 without a name. */
export function numberOf(pairs: Pairs<string>, name: string | undefined): number {
  if (name === undefined) return 0;
  return pairs.find(([, other]) => other === name)?.[0] ?? unknownNumber(name);
}

/** The inverse of {@linkcode namesOf}. */
export function maskOf(pairs: Pairs<string>, names: readonly string[] | undefined): number {
  return (names ?? []).reduce((mask, name) => mask | numberOf(pairs, name), 0) >>> 0;
}

function unknownNumber(name: string): number {
  return Number(name.slice("unknown(".length, -1));
}
