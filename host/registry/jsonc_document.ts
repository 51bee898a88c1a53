import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Problem } from "../internal/errors.ts";
import { jsoncTokens, TokenKind } from "./_jsonc_tokens.ts";
import { describeValue } from "./describe_value.ts";

/** Steps from the root of a document to a value: names of properties and positions in lists. */
export type JsonPath = readonly PropertyKey[];

/** A JSON document with comments, read. */
export interface JsoncDocument {
  /** The value; its objects have no prototype. */
  readonly value: unknown;
  /** Nothing when the document can be used. */
  readonly problems: readonly Problem[];
  /** The value at a path, undefined when there is none. */
  valueAt(path: JsonPath): unknown;
  /** Where a path, or the nearest of its parents, starts; counted in UTF-16 units. */
  offsetOf(path: JsonPath): number;
  /** Where the key of a property starts; as `offsetOf` when there is no such property. */
  offsetOfKey(path: JsonPath): number;
  /** `plugins[1].timeoutMs (12:20)`: the path with line and column, both counted from 1. */
  placeOf(path: JsonPath, offset?: number): string;
}

const DEPTH_MAX = 64;
const SYNTAX_PROBLEMS_MAX = 20;

const SYNTAX_WANTED: Readonly<Record<string, string>> = {
  InvalidSymbol: "a JSON value: text in double quotes, a number, true, false, null, [ or {",
  InvalidNumberFormat: "a JSON number",
  PropertyNameExpected: "the name of a property in double quotes",
  ValueExpected: "a value",
  ColonExpected: "a colon after the name of the property",
  CommaExpected: "a comma before this",
  CloseBraceExpected: "a closing brace }",
  CloseBracketExpected: "a closing bracket ]",
  EndOfFileExpected: "the end of the file",
  UnexpectedEndOfComment: "*/ to end the comment",
  UnexpectedEndOfString: "a double quote to end the text",
  UnexpectedEndOfNumber: "a digit",
  InvalidUnicode: "four hexadecimal digits after \\u",
  InvalidEscapeCharacter: 'one of " \\ / b f n r t u after the backslash',
  InvalidCharacter: "no control characters in a text",
};

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function pathText(path: JsonPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(step))) {
      text += text === "" ? String(step) : `.${String(step)}`;
    } else text += `[${describeValue(String(step))}]`;
  }
  return text === "" ? "the document" : text;
}

function childOf(node: Node | undefined, step: PropertyKey): Node | undefined {
  if (node?.type === "array" && typeof step === "number") return node.children?.[step];
  if (node?.type !== "object") return undefined;
  // As in every reader of JSON, the last one of several properties with the same name counts.
  return node.children?.findLast((property) => property.children?.[0]?.value === step);
}

function valueOfProperty(node: Node | undefined): Node | undefined {
  return node?.type === "property" ? node.children?.[1] : node;
}

class Reading {
  readonly problems: Problem[] = [];
  constructor(readonly text: string, readonly source: string) {}

  place(path: JsonPath, offset: number): string {
    return `${pathText(path)} (${lineAndColumn(this.text, offset)})`;
  }

  add(path: JsonPath, offset: number, found: string, wanted: string): void {
    this.problems.push({ source: this.source, place: this.place(path, offset), found, wanted });
  }

  addSyntax(errors: readonly ParseError[]): void {
    for (const error of errors.slice(0, SYNTAX_PROBLEMS_MAX)) {
      const symbol = printParseErrorCode(error.error);
      const piece = this.text.slice(error.offset, error.offset + Math.max(1, error.length));
      const found = error.offset >= this.text.length ? "the end of the file" : describeValue(piece);
      this.problems.push({
        source: this.source,
        place: lineAndColumn(this.text, error.offset),
        found,
        wanted: SYNTAX_WANTED[symbol] ?? "JSON",
      });
    }
  }

  valueOf(node: Node, path: JsonPath): unknown {
    if (node.type === "array") {
      return (node.children ?? []).map((child, index) => this.valueOf(child, [...path, index]));
    }
    if (node.type !== "object") {
      if (typeof node.value === "number" && !Number.isFinite(node.value)) {
        this.add(path, node.offset, "a number beyond all bounds", "a number below 1.8e308");
      }
      return node.value;
    }
    const value: Record<string, unknown> = Object.create(null);
    for (const property of node.children ?? []) {
      const [key, child] = property.children ?? [];
      if (key === undefined || child === undefined) continue;
      const at = [...path, String(key.value)];
      if (key.value === "__proto__") {
        this.add(at, key.offset, '"__proto__"', "another name for the property");
      } else if (key.value in value) {
        this.add(at, key.offset, `${describeValue(key.value)} once more`, "each name once");
      }
      value[key.value] = this.valueOf(child, at);
    }
    return value;
  }
}

function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const token of jsoncTokens(text)) {
    if (token.kind === TokenKind.openBrace || token.kind === TokenKind.openBracket) depth++;
    if (token.kind === TokenKind.closeBrace || token.kind === TokenKind.closeBracket) depth--;
    if (depth > DEPTH_MAX) return token.offset;
  }
  return undefined;
}

/**
 * Reads a JSON document with comments and trailing commas. Finds everything that is wrong with
 * it at once and does not throw.
 *
 * @param text The document, without a byte order mark.
 * @param source What the problems call it, usually the path of the file.
 */
export function readJsoncDocument(text: string, source: string): JsoncDocument {
  const reading = new Reading(text, source);
  const deepAt = tooDeepAt(text);
  const errors: ParseError[] = [];
  let root: Node | undefined;
  if (deepAt !== undefined) {
    // The parser calls itself for every level, so a deep document would end in a full stack.
    reading.add([], deepAt, "a value that is nested too deeply", `at most ${DEPTH_MAX} levels`);
  } else {
    root = parseTree(text, errors, { allowTrailingComma: true });
    reading.addSyntax(errors);
  }
  const value = root === undefined || errors.length > 0 ? undefined : reading.valueOf(root, []);

  function nodesAt(path: JsonPath): (Node | undefined)[] {
    const nodes: (Node | undefined)[] = [root];
    for (const step of path) nodes.push(childOf(valueOfProperty(nodes.at(-1)), step));
    return nodes;
  }
  function offsetOf(path: JsonPath): number {
    return valueOfProperty(nodesAt(path).findLast((node) => node !== undefined))?.offset ?? 0;
  }
  return {
    value,
    problems: reading.problems,
    offsetOf,
    offsetOfKey: (path) => nodesAt(path).at(-1)?.offset ?? offsetOf(path),
    placeOf: (path, offset) => reading.place(path, offset ?? offsetOf(path)),
    valueAt(path) {
      let found: unknown = value;
      for (const step of path) {
        if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) {
          return undefined;
        }
        found = (found as Record<PropertyKey, unknown>)[step];
      }
      return found;
    },
  };
}
