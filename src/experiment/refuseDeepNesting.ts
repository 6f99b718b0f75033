import { createScanner } from 'jsonc-parser';
import { BadInputError } from '../errors.ts';

/** Experiments are a few levels deep. */
const DEEPEST = 64;
/** The parser's `SyntaxKind`, which exists only for the compiler. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

/**
 * Refuses JSON whose arrays and objects lie in each other deeper than any experiment's, which would exhaust the stack of whatever
 * walks through them.
 *
 * @throws BadInputError at the line and column where it becomes too deep
 */
export function refuseDeepNesting(text: string): void {
  const place = placeOfDeepNesting(text);
  if (!place) return;
  throw new BadInputError([
    {
      where: `line ${place.line}, column ${place.column}`,
      message: `brackets lie in each other more than ${DEEPEST} deep`,
      hint: 'An experiment needs only a few levels.',
    },
  ]);
}

/** Whether `refuseDeepNesting` refuses a text. */
export function isNestedTooDeep(text: string): boolean {
  return placeOfDeepNesting(text) !== undefined;
}

/** The bracket that is one too many, 1-based. */
function placeOfDeepNesting(text: string): { readonly line: number; readonly column: number } | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== TOKEN.end; kind = scanner.scan()) {
    if (kind === TOKEN.closeBrace || kind === TOKEN.closeBracket) depth--;
    if (kind !== TOKEN.openBrace && kind !== TOKEN.openBracket) continue;
    if (++depth > DEEPEST)
      return { line: scanner.getTokenStartLine() + 1, column: scanner.getTokenStartCharacter() + 1 };
  }
  return undefined;
}
