import { isUtf8 } from 'node:buffer';
import { basename, join } from 'node:path';
import { BadInputError, type Problem } from '../../../errors.ts';
import type { DatasetOptions, OpenContext } from '../../dataset.ts';
import { pathProblem, refuseIfAny, shortList } from '../../findings/problems.ts';
import type { Format, Location, UnfittedSource } from '../../source.ts';
import type { Table } from '../tables/column.ts';
import { beginningOf } from '../tables/reading/beginningOf.ts';
import { readLines } from '../tables/reading/readLines.ts';
import { splitFiles } from '../tables/reading/tableFiles.ts';
import type { TableReader } from '../tables/reading/tableReader.ts';
import { tablesSource } from '../tables/tablesSource.ts';

const LABEL = '__label__';
/** Between labels of one text, as they are kept in a cell. */
const BETWEEN = '|';
/** Names that may be of such files: `train.txt`, `cooking.train`, `train.ft.txt`. */
const MAY_BE = /\.(?:txt|ft|train|valid|val|test)$|^[^.]+$/i;
/** A folder of more files of text is one of texts. */
const MOST_FILES = 20;
const ENDING = /(?:\.ft)?(?:\.txt)?$/i;

/** Texts as fastText has them: `__label__` and the class before each, in a line. */
export const fastTextFiles = {
  description:
    'fastText: a text in every line behind its __label__, in a file, or in files called train, valid and test',
  recognises: async (location) => (await filesAt(location)).length > 0,
  open: openFastText,
} satisfies Format;

async function filesAt({ folder, file, files }: Location): Promise<readonly string[]> {
  const found: string[] = [];
  const likely = file === undefined ? files.filter((each) => MAY_BE.test(each)) : [file];
  if (likely.length > MOST_FILES) return [];
  for (const name of likely) {
    const beginning = (await beginningOf(join(folder, name)))?.toString('latin1') ?? '';
    const lines = beginning.split(/\r?\n/).slice(0, 5);
    const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
    const texts = whole.filter((line) => line !== '');
    const labelled = texts.filter((line) => line.startsWith(LABEL));
    // One without is a mistake, which is refused by its line.
    if (texts[0]?.startsWith(LABEL) === true && labelled.length > texts.length / 2) found.push(name);
  }
  return found;
}

async function openFastText(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const names = splitFiles({ ...location, files: await filesAt(location) }, ENDING);
  const reader =
    (name: string): TableReader =>
    async () =>
      (await readFile(join(location.folder, name), context.signal)).table;
  const { table: training, hasSeveral } = await readFile(join(location.folder, names.training), context.signal);
  const task = options.task ?? (hasSeveral ? 'multi-label' : undefined);
  return tablesSource(
    {
      format: 'fastText',
      folder: location.folder,
      training: () => Promise.resolve(training),
      ...(names.validation !== undefined && { validation: reader(names.validation) }),
      ...(names.test !== undefined && { test: reader(names.test) }),
    },
    context,
    { ...options, columns: { text: 'text' }, target: options.target ?? 'label', task },
  );
}

async function readFile(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly table: Table; readonly hasSeveral: boolean }> {
  const file = basename(path);
  const problems: Problem[] = [];
  const texts: string[] = [];
  const labels = new Map<string, number>();
  const codes: number[] = [];
  const lines: number[] = [];
  let hasSeveral = false;
  const readLine = (bytes: Buffer, line: number): void => {
    const words = bytes.toString().trim().split(/\s+/);
    if (words[0] === '') return;
    if (!isUtf8(bytes)) problems.push(pathProblem(`Line ${line} of ${file} is not UTF-8.`, 'Save the file as UTF-8.'));
    const first = words.findIndex((word) => !word.startsWith(LABEL));
    const own = (first < 0 ? words : words.slice(0, first)).map((word) => word.slice(LABEL.length));
    if (own.length === 0 || own.includes(''))
      problems.push(
        pathProblem(
          `Line ${line} of ${file} has no class behind ${LABEL}.`,
          `Every line begins with ${LABEL} and its class.`,
        ),
      );
    hasSeveral ||= own.length > 1;
    const label = own.join(BETWEEN);
    labels.set(label, labels.get(label) ?? labels.size);
    codes.push(labels.get(label) ?? 0);
    texts.push(first < 0 ? '' : words.slice(first).join(' '));
    lines.push(line);
  };
  await readLines(path, file, readLine, signal);
  refuseIfAny(shortList(problems, 'lines'));
  if (texts.length === 0)
    throw new BadInputError([pathProblem(`${file} is empty.`, 'A line is needed for every text.')]);
  return {
    hasSeveral,
    table: {
      file,
      count: texts.length,
      columns: [
        { kind: 'words', name: 'text', words: texts, codes: Int32Array.from(texts, (_, row) => row) },
        { kind: 'words', name: 'label', words: [...labels.keys()], codes: Int32Array.from(codes) },
      ],
      lineOf: (row) => lines[row] ?? 0,
      remarks: [],
    },
  };
}
