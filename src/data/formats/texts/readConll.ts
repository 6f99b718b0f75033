import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { BadInputError, type Problem } from '../../../errors.ts';
import type { OpenContext } from '../../dataset.ts';
import { information, warning, type Finding } from '../../findings/finding.ts';
import { listOf } from '../../findings/wording.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import { fileEncoding } from '../tables/reading/fileEncoding.ts';
import { readLines } from '../tables/reading/readLines.ts';
import type { LabelledWords } from './labelledWords.ts';

/** The fields of a word in CoNLL-U, as Universal Dependencies have it (https://universaldependencies.org/format.html). */
const FIELDS = ['id', 'form', 'lemma', 'upos', 'xpos', 'feats', 'head', 'deprel', 'deps', 'misc'];
const FORM = 1;
/** The field that is predicted where nobody names one: the part of speech. */
const USUAL_FIELD = 'upos';
/** What stands before and after texts. */
const BETWEEN_TEXTS = /^(?:-DOCSTART-|#(?:begin|end) document\b)/;
/** Cells of a line of which the label is plainly the last. */
const FEW_CELLS = 2;

/** The texts of a file, and what was assumed of it. */
export interface ConllTexts {
  readonly texts: readonly LabelledWords[];
  readonly findings: readonly Finding[];
}

/**
 * Reads a file as the CoNLL tasks have them: a word in every line, its label last, and an empty line between texts; lines that begin with `-DOCSTART-` do not
 * count. Lines of the ten fields of CoNLL-U have the label in one of them, which `wanted` names; its comments, words that others make up, and empty ones do not count.
 *
 * @throws BadInputError naming every line without a label
 */
export async function readConll(
  path: string,
  wanted: string | undefined,
  { signal, encoding }: Pick<OpenContext, 'signal' | 'encoding'>,
): Promise<ConllTexts> {
  const file = basename(path);
  const found = await fileEncoding(path, file, encoding);
  const problems: Problem[] = [];
  const texts: LabelledWords[] = [];
  let text: { line: number; words: string[]; labels: string[] } | undefined;
  let isUniversal: boolean | undefined;
  let width = 0;
  let field = FIELDS.length - 1;
  const readLine = (bytes: Buffer, line: number): void => {
    if (!isUtf8(bytes)) {
      problems.push(
        pathProblem(
          `Line ${line} of ${file} is not UTF-8.`,
          'Save the file as UTF-8, or name its encoding in dataset.encoding.',
        ),
      );
      return;
    }
    const written = bytes.toString().trim();
    if (written === '') text = undefined;
    if (written === '' || BETWEEN_TEXTS.test(written)) return;
    if (isUniversal !== false && /^#(?: |$)/.test(written)) return;
    if (isUniversal === undefined) {
      isUniversal = /^\d+(?:[-.]\d+)?(?:\t[^\t]+){9}$/.test(written);
      if (isUniversal) field = fieldCalled(wanted ?? USUAL_FIELD);
    }
    const cells = written.split(isUniversal ? '\t' : /\s+/);
    if (isUniversal && !/^\d+$/.test(cells[0] ?? '')) return;
    width = Math.max(width, cells.length);
    const [word, label] = isUniversal ? [cells[FORM], cells[field]] : [cells[0], cells.slice(1).at(-1)];
    if (word === undefined || label === undefined) {
      problems.push(pathProblem(`Line ${line} of ${file} has no label.`, 'Every line is a word and its label.'));
      return;
    }
    if (!text) texts.push((text = { line, words: [], labels: [] }));
    text.words.push(word);
    text.labels.push(label);
  };
  await readLines(path, file, readLine, signal, found?.encoding);
  refuseIfAny(shortList(problems, 'lines'));
  const [first] = texts;
  if (!first) throw new BadInputError([pathProblem(`${file} is empty.`, 'A text is needed for every sample.')]);
  const findings: Finding[] = [];
  if (found?.isGuess === true) {
    const message = `${file} is not UTF-8; it was read as ${found.encoding}, for which its words speak. If they look wrong, dataset.encoding says otherwise.`;
    findings.push(warning('dataset.encoding', message));
  }
  if (isUniversal === true) {
    const message = `The labels of ${file} are its field '${FIELDS[field] ?? ''}', such as '${first.labels[0] ?? ''}' for '${first.words[0] ?? ''}'; dataset.target names another of ${listOf(FIELDS.slice(2))}.`;
    findings.push(information('dataset.target', message));
  } else if (width > FEW_CELLS) {
    const message = `The labels of ${file} are the last of ${width} cells, such as '${first.labels[0] ?? ''}' for '${first.words[0] ?? ''}'.`;
    findings.push(information('dataset.path', message));
  }
  return { texts, findings };
}

/** @throws BadInputError when CoNLL-U has no field of that name */
function fieldCalled(name: string): number {
  const field = FIELDS.indexOf(name.toLowerCase());
  if (field >= 0) return field;
  const message = `A word of CoNLL-U has no field '${name}'.`;
  throw new BadInputError([{ where: 'dataset.target', message, hint: `Its fields are ${listOf(FIELDS)}.` }]);
}
