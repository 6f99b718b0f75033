import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetOptions } from '../../../dataset.ts';
import { information, warning, type Finding } from '../../../findings/finding.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Table } from '../column.ts';

/** Tables of competitions that say how answers are handed in, and with that what is to be predicted. */
const SUBMISSION = /submission.*\.csv$/i;
const MOST_BYTES = 2 ** 14;

/** What a table of answers beside others names: its file, and its columns. */
export interface Submission {
  readonly file: string;
  readonly names: readonly string[];
}

/** The table of answers in a folder, such as `sample_submission.csv`; undefined where there is none. */
export async function submissionIn(folder: string): Promise<Submission | undefined> {
  const file = (await readdir(folder).catch(() => [])).find((name) => SUBMISSION.test(name));
  if (file === undefined) return undefined;
  const opened = await open(join(folder, file)).catch(() => undefined);
  if (!opened) return undefined;
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    const [header = ''] = buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
    return { file, names: header.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')) };
  } finally {
    await opened.close();
  }
}

/** Columns that the test table lacks. */
export function lackedBy(test: Table, training: Table): readonly string[] {
  const names = new Set(test.columns.map(({ name }) => name));
  return training.columns.flatMap(({ name }) => (names.has(name) ? [] : [name]));
}

/** Says why columns are predicted that the test table lacks, and warns of others that it lacks as well. */
export function toldLacked(
  targets: readonly string[],
  {
    training,
    test,
    submission,
  }: { readonly training: Table; readonly test: Table; readonly submission: Submission | undefined },
  { columns = {} }: Pick<DatasetOptions, 'columns'>,
): readonly Finding[] {
  const others = lackedBy(test, training).filter((name) => !targets.includes(name));
  const warned = others.filter((name) => columns[name] === undefined);
  const hint = `Set ${warned.length === 1 ? 'it' : 'them'} to 'ignore' in dataset.columns unless ${warned.length === 1 ? 'it is' : 'they are'} known before.`;
  return [
    information('dataset.target', `${reasonFor(targets, others, test, submission)}; dataset.target names another.`),
    ...(warned.length === 0
      ? []
      : [
          warning(
            'dataset.columns',
            `${test.file} lacks ${listOf(warned)}, too: what is only known later may give the target away.`,
            hint,
          ),
        ]),
  ];
}

function reasonFor(
  targets: readonly string[],
  others: readonly string[],
  test: Table,
  submission: Submission | undefined,
): string {
  const [first = ''] = targets;
  if (submission && targets.every((name) => submission.names.includes(name))) {
    return targets.length === 1
      ? `The column '${first}' is predicted, as ${submission.file} names it`
      : `The columns ${listOf(targets)} are predicted, as ${submission.file} names them`;
  }
  if (others.length > 0) {
    return `The column ${listOf(targets)} is predicted, one of those that ${test.file} lacks`;
  }
  return targets.length === 1
    ? `The column '${first}' is predicted, as it is the one that ${test.file} lacks`
    : `The columns ${listOf(targets)} are predicted, as they are 0 or 1 and those that ${test.file} lacks`;
}
