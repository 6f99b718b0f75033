import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { BadInputError, type Problem } from '../../../../errors.ts';
import { pathProblem, refuseIfAny, shortList } from '../../../findings/problems.ts';
import type { Column, Storage, Table } from '../column.ts';
import { readLines } from '../reading/readLines.ts';
import type { TableKind } from '../reading/tableKind.ts';

// Digits can be divided in one way only, as otherwise a line of many numbers that is none of these takes for ever.
const NUMBER = '[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?';
const LINE = new RegExp(`^\\s*${NUMBER}(?:,${NUMBER})*(?:\\s+qid:\\d+)?(?:\\s+\\d+:${NUMBER})+\\s*(?:#.*)?$`);
/** Share of the memory that the numbers may take once the zeros are there, too. */
const SHARE_OF_MEMORY = 0.25;
const HIGHEST_INDEX = 10_000_000;

/** What is not zero, in the order of the file. */
interface SparseRows {
  readonly labels: readonly number[];
  readonly queries: readonly (number | undefined)[];
  readonly lines: readonly number[];
  /** Three numbers for each value: row, index, value. */
  readonly values: readonly number[];
  readonly lowest: number;
  readonly highest: number;
}

/** The sparse rows of LIBSVM and SVMlight: `1 3:0.5 7:1`. A file with `.t` behind its name is the test, as LIBSVM's data have it. */
export const libsvmFiles: TableKind = {
  format: 'LIBSVM',
  ending: /\.(?:libsvm|svm|svmlight)$/i,
  beginsAs: (beginning) => {
    const lines = beginning.toString('latin1').split(/\r?\n/).slice(0, -1);
    const rows = lines.filter((line) => line.trim() !== '' && !line.startsWith('#')).slice(0, 5);
    return rows.length > 0 && rows.every((line) => LINE.test(line));
  },
  open: async (path, _wanted, signal) => {
    const training = await readRows(path, signal);
    const hasTest = existsSync(`${path}.t`);
    const test = hasTest ? await readRows(`${path}.t`, signal) : undefined;
    const lowest = Math.min(training.lowest, test?.lowest ?? Infinity);
    const highest = Math.max(training.highest, test?.highest ?? 0);
    const range = { first: lowest === 0 ? 0 : 1, last: highest };
    const table =
      (name: string, rows: SparseRows, notes: readonly string[] = []) =>
      (storage: ReadonlyMap<string, Storage>): Promise<Table> =>
        Promise.resolve().then(() => ({ ...tableOf(name, rows, range, storage), notes }));
    const file = basename(path);
    return {
      training: table(file, training, [
        `The numbers of the features in ${file} begin at ${range.first}${range.first === 1 ? ', as none is 0' : ''}, and go to ${range.last}; those that a row does not name are 0.`,
        ...(test ? [`${file}.t is the test split.`] : []),
      ]),
      test: test && table(`${file}.t`, test),
    };
  },
};

/** @throws BadInputError naming every line that is wrong */
async function readRows(path: string, signal: AbortSignal | undefined): Promise<SparseRows> {
  const file = basename(path);
  const problems: Problem[] = [];
  const labels: number[] = [];
  const queries: (number | undefined)[] = [];
  const lines: number[] = [];
  const values: number[] = [];
  let lowest = Infinity;
  let highest = 0;
  const readLine = (bytes: Buffer, line: number): void => {
    const [text = ''] = bytes.toString('latin1').split('#', 1);
    const [label = '', ...cells] = text.trim().split(/\s+/);
    if (label === '') return;
    const refuse = (what: string): void => {
      problems.push(
        pathProblem(
          `Line ${line} of ${file} ${what}.`,
          'A line is a number to predict and INDEX:VALUE for what is not 0, such as 1 3:0.5 7:1.',
        ),
      );
    };
    const target = Number(label);
    if (Number.isNaN(target)) {
      refuse(
        label.includes(',')
          ? `has several labels (${label.slice(0, 40)}); give them as columns of 0 and 1 in a .csv`
          : `begins with '${label.slice(0, 40)}', which is no number`,
      );
      return;
    }
    let query: number | undefined;
    for (const cell of cells) {
      const at = cell.indexOf(':');
      const name = cell.slice(0, at);
      const value = Number(cell.slice(at + 1));
      if (name === 'qid') query = value;
      else {
        const index = Number(name);
        if (
          at < 1 ||
          at === cell.length - 1 ||
          !Number.isInteger(index) ||
          index < 0 ||
          index > HIGHEST_INDEX ||
          Number.isNaN(value)
        ) {
          refuse(`has '${cell.slice(0, 40)}'`);
          return;
        }
        values.push(labels.length, index, value);
        lowest = Math.min(lowest, index);
        highest = Math.max(highest, index);
      }
    }
    labels.push(target);
    queries.push(query);
    lines.push(line);
  };
  await readLines(path, file, readLine, signal);
  refuseIfAny(shortList(problems, 'lines'));
  if (labels.length === 0)
    throw new BadInputError([pathProblem(`${file} is empty.`, 'A line is needed for every sample.')]);
  return { labels, queries, lines, values, lowest, highest };
}

function tableOf(
  file: string,
  { labels, queries, lines, values }: SparseRows,
  { first, last }: { readonly first: number; readonly last: number },
  storage: ReadonlyMap<string, Storage>,
): Table {
  const count = labels.length;
  const width = last - first + 1;
  const bytes = 8 * count * width;
  if (bytes > SHARE_OF_MEMORY * totalmem()) {
    throw new BadInputError([
      pathProblem(
        `${file} has ${count} rows of ${width} features, which take ${Math.ceil(bytes / 2 ** 30)} GiB with the zeros between, more than a quarter of the memory.`,
        'Keep the features that matter (sklearn.feature_selection), or fewer rows.',
      ),
    ]);
  }
  const features = Array.from({ length: width }, () => new Float64Array(count));
  for (let at = 0; at < values.length; at += 3) {
    const column = features[(values[at + 1] ?? 0) - first];
    if (column) column[values[at] ?? 0] = values[at + 2] ?? 0;
  }
  const columnOf = (name: string, numbers: Float64Array): Column =>
    storage.get(name) === 'words' ? wordsOf(name, numbers) : { kind: 'number', name, values: numbers };
  return {
    file,
    count,
    columns: [
      columnOf('label', Float64Array.from(labels)),
      ...(queries.some((query) => query !== undefined)
        ? [
            columnOf(
              'qid',
              Float64Array.from(queries, (query) => query ?? NaN),
            ),
          ]
        : []),
      ...features.map((numbers, index) => columnOf(`f${first + index}`, numbers)),
    ],
    lineOf: (row) => lines[row] ?? 0,
    remarks: [],
  };
}

function wordsOf(name: string, numbers: Float64Array): Column {
  const codeOf = new Map<string, number>();
  const codes = Int32Array.from(numbers, (number) => {
    const word = Number.isNaN(number) ? '' : String(number);
    const code = codeOf.get(word) ?? codeOf.size;
    codeOf.set(word, code);
    return code;
  });
  return { kind: 'words', name, words: [...codeOf.keys()], codes };
}
