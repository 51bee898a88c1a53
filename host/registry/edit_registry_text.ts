import { type Node, parseTree } from "jsonc-parser";
import { DefectError } from "../internal/errors.ts";
import { type ArrayChunk, type ArrayLayout, arrayLayout } from "./_array_layout.ts";
import { jsoncTokens, TokenKind } from "./_jsonc_tokens.ts";
import { indentAt, indentUnit, jsonLine, jsonLines, lineEndOf, startsLine } from "./_text_style.ts";
import type { PluginInput } from "./registry_schema.ts";

/** One change of a registry's text; positions in the list count from 0. */
export type RegistryTextEdit =
  | { readonly kind: "add"; readonly at: number; readonly entry: PluginInput }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "move"; readonly at: number; readonly to: number }
  | { readonly kind: "setEnabled"; readonly at: number; readonly enabled: boolean };

/** A piece of text in place of a range. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  // From the end, so that the offsets of those before stay right.
  for (const { start, end, text: piece } of splices.toSorted((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + piece + result.slice(end);
  }
  return result;
}

function propertyOf(object: Node | undefined, name: string): Node | undefined {
  const found = object?.children?.findLast((property) => property.children?.[0]?.value === name);
  return found?.children?.[1];
}

function required<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new DefectError("Cannot edit the registry: no such place in its list");
  }
  return value;
}

/** Whether what follows a chunk's element ends in a comment that runs to the end of the line. */
function endsInLineComment(text: string, chunk: ArrayChunk): boolean {
  const last = [...jsoncTokens(text.slice(chunk.end, chunk.tailEnd))].at(-1);
  return last?.kind === TokenKind.lineComment;
}

function remove(text: string, { chunks }: ArrayLayout, at: number): string {
  const chunk = required(chunks[at]);
  const between = text.slice(chunk.end, chunk.comma ?? chunk.end);
  const splices: Splice[] = [];
  let end = chunk.end;
  if (chunk.comma !== undefined && between.trim() === "") end = chunk.comma + 1;
  else if (chunk.comma !== undefined) {
    splices.push({ start: chunk.comma, end: chunk.comma + 1, text: "" });
  }
  const blanks = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  const lineEnd = /^(?:\r\n|\n|\r)/.exec(text.slice(end + blanks))?.[0].length ?? 0;
  const wholeLine = startsLine(text, chunk.start) && lineEnd > 0;
  const start = wholeLine ? chunk.start - indentAt(text, chunk.start).length : chunk.start;
  splices.push({ start, end: end + blanks + (wholeLine ? lineEnd : 0), text: "" });
  const previous = chunks[at - 1];
  // The comma before the last element would stay behind as one that its author did not write.
  if (at === chunks.length - 1 && chunk.comma === undefined && previous?.comma !== undefined) {
    splices.push({ start: previous.comma, end: previous.comma + 1, text: "" });
  }
  return spliced(text, splices);
}

function chunkText(text: string, chunk: ArrayChunk, withComma: boolean): string {
  const { leadStart, end, comma, tailEnd } = chunk;
  const lead = text.slice(leadStart, end);
  if (comma === undefined) return `${lead}${withComma ? "," : ""}${text.slice(end, tailEnd)}`;
  return `${lead}${text.slice(end, comma)}${withComma ? "," : ""}${text.slice(comma + 1, tailEnd)}`;
}

function move(text: string, { chunks, bodyEnd }: ArrayLayout, at: number, to: number): string {
  const order = chunks.map((_, index) => index);
  order.splice(to, 0, ...order.splice(at, 1));
  const last = required(chunks.at(-1));
  const first = required(chunks[0]);
  const lineEnd = lineEndOf(text);
  let body = "";
  for (const [position, index] of order.entries()) {
    const chunk = required(chunks[index]);
    const place = required(chunks[position]);
    const withComma = position < chunks.length - 1 || last.comma !== undefined;
    const next = chunks[position + 1];
    const after = text.slice(next?.gapStart ?? last.tailEnd, next?.leadStart ?? bodyEnd);
    body += text.slice(place.gapStart, place.leadStart) + chunkText(text, chunk, withComma);
    // Moved in front of something on the same line, a line comment would swallow it.
    if (endsInLineComment(text, chunk) && !/^[\r\n]/.test(after)) {
      body += lineEnd + indentAt(text, first.start);
    }
  }
  return text.slice(0, first.gapStart) + body + text.slice(last.tailEnd);
}

function addToEmpty(text: string, layout: ArrayLayout, entry: PluginInput): string {
  const { bodyStart, bodyEnd } = layout;
  const lineEnd = lineEndOf(text);
  const outer = indentAt(text, bodyStart - 1);
  const unit = indentUnit("", outer);
  const indent = outer + unit;
  // Blanks behind the last comment make room for the entry; those inside a comment are the comment's.
  const inside = text.slice(bodyStart, bodyEnd);
  const lastComment = [...jsoncTokens(inside)].findLast(({ kind }) =>
    kind === TokenKind.lineComment || kind === TokenKind.blockComment
  );
  const comments = inside.slice(0, lastComment?.end ?? 0);
  const piece = `${lineEnd}${indent}${jsonLines(entry, indent, unit, lineEnd)}${lineEnd}${outer}`;
  return text.slice(0, bodyStart) + comments + piece + text.slice(bodyEnd);
}

/**
 * Puts something behind the last element of a list or object, on a line of its own when that one
 * has a line of its own.
 */
function appendAfter(
  text: string,
  last: ArrayChunk,
  piece: { readonly inLine: string; readonly onLine: string },
): string {
  const onLine = startsLine(text, last.start) || endsInLineComment(text, last);
  const before = onLine ? lineEndOf(text) + indentAt(text, last.start) : " ";
  const after = last.comma === undefined ? "" : ",";
  const added = before + (onLine ? piece.onLine : piece.inLine) + after;
  const comma = last.comma === undefined ? "," : "";
  const tail = text.slice(last.end, last.tailEnd);
  return text.slice(0, last.end) + comma + tail + added + text.slice(last.tailEnd);
}

function append(text: string, layout: ArrayLayout, array: Node, entry: PluginInput): string {
  const last = required(layout.chunks.at(-1));
  const indent = indentAt(text, last.start);
  const unit = indentUnit(indentAt(text, array.offset), indent);
  const onLine = jsonLines(entry, indent, unit, lineEndOf(text));
  return appendAfter(text, last, { inLine: jsonLine(entry), onLine });
}

function indentAfter(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(offset))?.[0] ?? "";
}

function insert(text: string, chunk: ArrayChunk, array: Node, entry: PluginInput): string {
  const { leadStart } = chunk;
  if (!startsLine(text, leadStart)) {
    const start = leadStart + indentAfter(text, leadStart).length;
    return spliced(text, [{ start, end: start, text: `${jsonLine(entry)}, ` }]);
  }
  const lineEnd = lineEndOf(text);
  const indent = indentAfter(text, leadStart);
  const unit = indentUnit(indentAt(text, array.offset), indent);
  const piece = `${indent}${jsonLines(entry, indent, unit, lineEnd)},${lineEnd}`;
  return spliced(text, [{ start: leadStart, end: leadStart, text: piece }]);
}

function setEnabled(text: string, plugin: Node, enabled: boolean): string {
  const existing = propertyOf(plugin, "enabled");
  if (existing !== undefined) {
    const { offset, length } = existing;
    return spliced(text, [{ start: offset, end: offset + length, text: String(enabled) }]);
  }
  if (enabled) return text;
  // An object is laid out like a list: a last element, perhaps a comma, and comments.
  const last = required(arrayLayout(text, plugin).chunks.at(-1));
  const property = `"enabled": ${enabled}`;
  return appendAfter(text, last, { inLine: property, onLine: property });
}

/**
 * Changes the text of a registry and keeps every comment and every other character of it. The
 * comments that belong to a plugin (right above it, and behind it on its last line) move with it;
 * when it is removed they stay.
 *
 * @param text A document without syntax errors whose `plugins` is a list; no byte order mark.
 * @param edit What to change; its positions must exist.
 */
export function editRegistryText(text: string, edit: RegistryTextEdit): string {
  const array = required(
    propertyOf(parseTree(text, [], { allowTrailingComma: true }), "plugins"),
  );
  if (edit.kind === "setEnabled") {
    return setEnabled(text, required(array.children?.[edit.at]), edit.enabled);
  }
  const layout = arrayLayout(text, array);
  if (edit.kind === "remove") return remove(text, layout, edit.at);
  if (edit.kind === "move") return move(text, layout, edit.at, edit.to);
  if (layout.chunks.length === 0) return addToEmpty(text, layout, edit.entry);
  const chunk = layout.chunks[edit.at];
  return chunk === undefined
    ? append(text, layout, array, edit.entry)
    : insert(text, chunk, array, edit.entry);
}
