import * as z from 'zod';
import type { Problem } from '../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { JsonRecord } from '../tables/reading/readJsonLines.ts';

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

/** The field of labels that is read where nobody names one, and others that there are; undefined where there are none. */
export function otherLabelFields(
  record: JsonRecord | undefined,
): { readonly used: string; readonly others: readonly string[] } | undefined {
  const [used, ...others] = LABEL_FIELDS.filter((name) => record !== undefined && name in record.fields);
  return used === undefined || others.length === 0 ? undefined : { used, others };
}
