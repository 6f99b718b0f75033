import { isUtf8 } from 'node:buffer';
import { parse, printParseErrorCode, visit, type ParseError } from 'jsonc-parser';
import { BadInputError, DistilleryError, messageOf, systemCodeOf, type Problem } from '../errors.ts';
import { readRegularFile } from '../platform/readRegularFile.ts';
import { refuseDeepNesting } from './refuseDeepNesting.ts';

/** An experiment has a few kilobytes. */
const MOST_BYTES = 2 ** 24;

/** What the parser's findings mean, by their names. */
const meanings: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a field name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing } is expected',
  CloseBracketExpected: 'a closing ] is expected',
  EndOfFileExpected: 'nothing more is expected',
  InvalidNumberFormat: 'this is not a number',
  UnexpectedEndOfNumber: 'this is not a number',
  UnexpectedEndOfString: 'the text does not end on its line',
  UnexpectedEndOfComment: 'the comment does not end',
  InvalidUnicode: 'there is no such escape sequence',
  InvalidEscapeCharacter: 'there is no such escape sequence',
  InvalidCharacter: 'a control character must be escaped',
};

/**
 * Reads an experiment file: JSON, in which comments and trailing commas are allowed. What it says is not checked yet.
 *
 * @throws DistilleryError `FILE_NOT_FOUND` or `BAD_FILE` when it cannot be read
 * @throws BadInputError with the place of every mistake when it is not JSON
 */
export async function readExperimentFile(path: string): Promise<unknown> {
  return parseExperimentText(decode(path, await readBytes(path)));
}

/**
 * Reads the text of an experiment file.
 * @throws BadInputError with the place of every mistake when it is not JSON
 */
export function parseExperimentText(text: string): unknown {
  refuseDeepNesting(text);
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0)
    throw new BadInputError(firstOfEachLine(withoutEchoes(errors).map((error) => problemOf(error, text))));
  const repeated = repeatedFields(text);
  if (repeated.length > 0) throw new BadInputError(repeated);
  return value;
}

/** Of two fields of one name the last would count, and the first be lost without a word. */
function repeatedFields(text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const open: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => {
        open.push(new Set());
      },
      onObjectEnd: () => {
        open.pop();
      },
      onObjectProperty: (name, offset) => {
        const names = open.at(-1);
        if (names?.has(name) === true) {
          const message = `'${name}' is said a second time`;
          problems.push({ where: placeOf(offset, text), message, hint: 'Keep one of the two.' });
        }
        names?.add(name);
      },
    },
    { allowTrailingComma: true },
  );
  return problems;
}

/** @throws DistilleryError `BAD_FILE` when it is no text in UTF-8 */
function decode(path: string, bytes: Buffer): string {
  // What PowerShell's `>` and some editors on Windows write.
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16 && bytes.includes(0)) {
    throw new DistilleryError('BAD_FILE', `'${path}' is not a text file.`, {
      hint: 'An experiment file is JSON and usually ends in .distill.json.',
    });
  }
  if (isUtf16 || !isUtf8(bytes)) {
    throw new DistilleryError('BAD_FILE', `'${path}' is not encoded as UTF-8.`, { hint: 'Save it as UTF-8.' });
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readRegularFile(path, MOST_BYTES);
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === 'ENOENT') throw new DistilleryError('FILE_NOT_FOUND', `There is no file '${path}'.`, { cause });
    if (code === 'EISDIR') throw new DistilleryError('BAD_FILE', `'${path}' is a folder, not a file.`, { cause });
    throw new DistilleryError('BAD_FILE', `'${path}' cannot be read: ${messageOf(cause)}.`, { cause });
  }
}

function problemOf({ error, offset, length }: ParseError, text: string): Problem {
  const where = placeOf(offset, text);
  const message = meanings[printParseErrorCode(error)] ?? `'${text.slice(offset, offset + length)}' is not JSON`;
  return { where, message };
}

function placeOf(offset: number, text: string): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** After a word that is not JSON the parser misses a value, too. */
function withoutEchoes(errors: readonly ParseError[]): readonly ParseError[] {
  const names = errors.map(({ error }) => printParseErrorCode(error));
  return errors.filter((_, index) => names[index] !== 'ValueExpected' || names[index - 1] !== 'InvalidSymbol');
}

/** One mistake often makes the rest of its line look wrong too. */
function firstOfEachLine(problems: readonly Problem[]): readonly Problem[] {
  const lineOf = (problem: Problem) => problem.where.split(',')[0];
  return problems.filter(
    (problem, index) => problems.findIndex((other) => lineOf(other) === lineOf(problem)) === index,
  );
}
