import { Buffer } from "node:buffer";

const PAGE_BYTES = 4096;
/** Longest piece that is read at a time, and how much of it again with the next one. */
const PIECE_PAGES_MAX = 4096;
const OVERLAP_PAGES = 1;
/** In an entry of `pagemap`: the page is in memory, or in the swap. */
const IS_THERE = 0xc000_0000;

/**
 * Searches the whole writable memory of another process, as Linux shows it to whoever may debug it.
 *
 * @param texts What to look for, in UTF-16 and in UTF-8.
 * @returns Those that were found.
 */
export function foundInMemory(pid: number, texts: readonly string[]): string[] {
  const patterns = texts.map((text) => ({
    text,
    forms: [Buffer.from(text, "utf16le"), Buffer.from(text, "utf8")],
  }));
  const found = new Set<string>();
  using memory = Deno.openSync(`/proc/${pid}/mem`);
  using pagemap = Deno.openSync(`/proc/${pid}/pagemap`);
  for (const { from, to } of writableRegions(pid)) {
    for (const { first, count } of touchedPages(pagemap, from / PAGE_BYTES, to / PAGE_BYTES)) {
      const bytes = readAt(memory, first * PAGE_BYTES, count * PAGE_BYTES);
      for (const { text, forms } of patterns) {
        if (!found.has(text) && forms.some((form) => bytes.includes(form))) found.add(text);
      }
    }
  }
  return [...found];
}

function writableRegions(pid: number): { from: number; to: number }[] {
  return Deno.readTextFileSync(`/proc/${pid}/maps`).split("\n").flatMap((line) => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === undefined || to === undefined
      ? []
      : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }];
  });
}

/** Runs of pages that are there: most of what a process has mapped was never touched. */
function* touchedPages(
  pagemap: Deno.FsFile,
  begin: number,
  end: number,
): Generator<{ first: number; count: number }, void> {
  let first = begin;
  let count = 0;
  for (let at = begin; at < end; at += PIECE_PAGES_MAX) {
    const entries = readAt(pagemap, at * 8, Math.min(PIECE_PAGES_MAX, end - at) * 8);
    for (let i = 0; i * 8 < entries.length; i++) {
      const isThere = (entries.readUInt32LE(i * 8 + 4) & IS_THERE) !== 0;
      if (isThere && count === 0) first = at + i;
      if (isThere) count++;
      if (count > 0 && (!isThere || count >= PIECE_PAGES_MAX)) {
        yield { first, count };
        first = at + i + 1 - OVERLAP_PAGES;
        count = isThere ? OVERLAP_PAGES : 0;
      }
    }
  }
  if (count > 0) yield { first, count };
}

/** A region may go away while it is read; then there is nothing in it. */
function readAt(file: Deno.FsFile, at: number, length: number): Buffer {
  const into = Buffer.alloc(length);
  let read = 0;
  try {
    file.seekSync(at, Deno.SeekMode.Start);
    while (read < length) {
      const more = file.readSync(into.subarray(read));
      if (more === null || more === 0) break;
      read += more;
    }
  } catch {
    // What was read until then counts.
  }
  return into.subarray(0, read);
}
