import { basename } from 'node:path';
import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { BadInputError, type Problem } from '../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { JsonRecord } from '../tables/reading/readJsonLines.ts';
import { readLines } from '../tables/reading/readLines.ts';

/** A text divided into words with a label for each. */
export interface LabelledWords {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly labels: readonly string[];
}

const WORD_FIELDS = ['tokens', 'words'];
const LABEL_FIELDS = ['labels', 'tags', 'ner_tags', 'pos_tags', 'chunk_tags'];
const wordList = z.array(z.string());
const labelList = z.array(z.union([z.string(), z.int()]));

/** True for a line of JSONL that has its words as an array. */
export function hasWords({ fields }: JsonRecord): boolean {
  return WORD_FIELDS.some((name) => Array.isArray(fields[name]));
}

/**
 * The texts of JSONL lines such as `{"tokens": ["Ada", "wrote"], "labels": ["PERSON", "O"]}`.
 *
 * @param target name of the field of labels; by default a usual one
 * @throws BadInputError naming every line that lacks one or the other, or has another number of labels than of words
 */
export function labelledRecords(
  file: string,
  records: readonly JsonRecord[],
  target: string | undefined,
): readonly LabelledWords[] {
  const problems: Problem[] = [];
  const texts: LabelledWords[] = [];
  for (const { line, fields } of records) {
    const words = wordList.safeParse(fields[WORD_FIELDS.find((name) => name in fields) ?? '']);
    const named = target ?? LABEL_FIELDS.find((name) => name in fields) ?? '';
    const labels = labelList.safeParse(fields[named]);
    if (!words.success || !labels.success) {
      const lacks = words.success ? `labels${target === undefined ? '' : ` '${target}'`}` : 'tokens';
      problems.push(
        pathProblem(`Line ${line} of ${file} has no array of ${lacks}.`, 'Every line has tokens and labels.'),
      );
    } else if (words.data.length !== labels.data.length) {
      problems.push(
        pathProblem(
          `Line ${line} of ${file} has ${words.data.length} tokens, but ${labels.data.length} labels.`,
          'Every token needs a label.',
        ),
      );
    } else texts.push({ line, words: words.data, labels: labels.data.map(String) });
  }
  refuseIfAny(shortList(problems, 'lines'));
  return texts;
}

/**
 * Reads a file as the CoNLL tasks have them: a word in every line, its label last, and an empty line between texts.
 * Lines that begin with `-DOCSTART-` do not count.
 *
 * @throws BadInputError naming every line without a label
 */
export async function readConll(path: string, signal?: AbortSignal): Promise<readonly LabelledWords[]> {
  const file = basename(path);
  const problems: Problem[] = [];
  const texts: LabelledWords[] = [];
  let text: { line: number; words: string[]; labels: string[] } | undefined;
  const readLine = (bytes: Buffer, line: number): void => {
    const cells = bytes.toString().trim().split(/\s+/);
    const [word = '', ...others] = cells;
    const label = others.at(-1);
    if (!isUtf8(bytes)) problems.push(pathProblem(`Line ${line} of ${file} is not UTF-8.`, 'Save the file as UTF-8.'));
    else if (word === '') text = undefined;
    else if (word === '-DOCSTART-') return;
    else if (label === undefined) {
      problems.push(pathProblem(`Line ${line} of ${file} has no label.`, 'Every line is a word and its label.'));
    } else {
      if (!text) texts.push((text = { line, words: [], labels: [] }));
      text.words.push(word);
      text.labels.push(label);
    }
  };
  await readLines(path, file, readLine, signal);
  refuseIfAny(shortList(problems, 'lines'));
  if (texts.length === 0)
    throw new BadInputError([pathProblem(`${file} is empty.`, 'A text is needed for every sample.')]);
  return texts;
}
