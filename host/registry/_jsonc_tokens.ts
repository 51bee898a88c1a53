import { createScanner } from "jsonc-parser";

/** The kinds of tokens that are told apart here, with the numbers of jsonc-parser. */
export const TokenKind = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  blanks: 15,
  end: 17,
} as const;

/** One token, blanks and comments included. */
export interface JsoncToken {
  /** One of `TokenKind`, or another number for a literal or a colon. */
  readonly kind: number;
  /** Where it starts, in UTF-16 units. */
  readonly offset: number;
  /** Where the next one starts. */
  readonly end: number;
}

/** Splits a text into tokens, one by one; every unit of the text is in exactly one of them. */
export function* jsoncTokens(text: string): Generator<JsoncToken> {
  const scanner = createScanner(text, false);
  for (;;) {
    const kind: number = scanner.scan();
    if (kind === TokenKind.end) return;
    const offset = scanner.getTokenOffset();
    yield { kind, offset, end: offset + scanner.getTokenLength() };
  }
}
