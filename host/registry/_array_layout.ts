import type { Node } from "jsonc-parser";
import { type JsoncToken, jsoncTokens, TokenKind } from "./_jsonc_tokens.ts";

/**
 * One element of a list with what belongs to it, as offsets into the text:
 * `gap` | `lead` | element | `between` | comma | `tail`. The gap (line breaks, comments that a
 * blank line keeps apart) belongs to the place in the list; everything else goes with the element.
 */
export interface ArrayChunk {
  /** Start of the gap; it ends where the lead starts. */
  readonly gapStart: number;
  /** Start of the comment lines right above the element and of its indentation. */
  readonly leadStart: number;
  /** Start of the element. */
  readonly start: number;
  /** End of the element. */
  readonly end: number;
  /** Offset of the comma after it, undefined when there is none. */
  readonly comma: number | undefined;
  /** End of the comments that follow on the element's last line. */
  readonly tailEnd: number;
}

/** Where everything of a list stands. */
export interface ArrayLayout {
  /** The elements with what belongs to them, in order. */
  readonly chunks: readonly ArrayChunk[];
  /** Offset behind the opening bracket. */
  readonly bodyStart: number;
  /** Offset of the closing bracket. */
  readonly bodyEnd: number;
}

function isComment({ kind }: JsoncToken): boolean {
  return kind === TokenKind.lineComment || kind === TokenKind.blockComment;
}

/** End of the comments between `from` and the end of its line; `from` when there are none. */
function tailEndOf(
  tokens: readonly JsoncToken[],
  from: number,
  to: number,
  isLast: boolean,
): number {
  const region = tokens.filter(({ offset }) => offset >= from && offset < to);
  const breakAt = region.findIndex(({ kind }) => kind === TokenKind.lineBreak);
  // Without a line break the comments stand right before the next element and belong to that.
  if (breakAt === -1 && !isLast) return from;
  const line = breakAt === -1 ? region : region.slice(0, breakAt);
  return line.findLast(isComment)?.end ?? from;
}

/** Start of the comment lines that stand right above `to`, and of the indentation before them. */
function leadStartOf(tokens: readonly JsoncToken[], from: number, to: number): number {
  let leadStart = to;
  let breaks = 0;
  const region = tokens.filter(({ offset }) => offset >= from && offset < to);
  for (const token of region.toReversed()) {
    if (token.kind === TokenKind.lineBreak) breaks++;
    if (breaks > 1) break;
    if (!isComment(token)) continue;
    leadStart = token.offset;
    breaks = 0;
  }
  const before = region.findLast(({ end }) => end === leadStart);
  return before?.kind === TokenKind.blanks ? before.offset : leadStart;
}

/**
 * Finds out what belongs to which element of a list.
 *
 * @param text The document.
 * @param array The list's node.
 */
export function arrayLayout(text: string, array: Node): ArrayLayout {
  const bodyStart = array.offset + 1;
  const bodyEnd = array.offset + array.length - 1;
  const elements = array.children ?? [];
  const trivia: JsoncToken[] = [];
  const commas: number[] = [];
  for (const token of jsoncTokens(text)) {
    if (token.offset < bodyStart || token.offset >= bodyEnd) continue;
    if (elements.some((e) => token.offset >= e.offset && token.offset < e.offset + e.length)) {
      continue;
    }
    if (token.kind === TokenKind.comma) commas.push(token.offset);
    else trivia.push(token);
  }
  const chunks: ArrayChunk[] = [];
  // A comment on the line of the opening bracket belongs to the list, as a tail of the bracket.
  let gapStart = tailEndOf(trivia, bodyStart, elements[0]?.offset ?? bodyEnd, false);
  for (const [index, element] of elements.entries()) {
    const end = element.offset + element.length;
    const next = elements[index + 1]?.offset;
    const comma = commas[index];
    const tailEnd = tailEndOf(trivia, (comma ?? end - 1) + 1, next ?? bodyEnd, next === undefined);
    const leadStart = leadStartOf(trivia, gapStart, element.offset);
    chunks.push({ gapStart, leadStart, start: element.offset, end, comma, tailEnd });
    gapStart = tailEnd;
  }
  return { chunks, bodyStart, bodyEnd };
}
