import { basename, join } from 'node:path';
import type { DatasetOptions, OpenContext } from '../../../dataset.ts';
import { warning } from '../../../findings/finding.ts';
import { withFindings } from '../../../findings/withFindings.ts';
import { listOf } from '../../../findings/wording.ts';
import type { Format, Location, UnfittedSource } from '../../../source.ts';
import { isImageName } from '../../images/decoding/decodeImage.ts';
import { areOpposites, ownWords } from '../../oppositeNames.ts';
import { SPLIT_NAMES, splitWords } from '../../splitNames.ts';
import type { Storage, Table } from '../column.ts';
import { readOpeningLines } from '../reading/openingLines.ts';
import { plainTextKind } from '../reading/plainTextKind.ts';
import { readDelimited } from '../reading/readDelimited.ts';
import type { TableReader } from '../reading/tableReader.ts';
import { tablesSource } from '../tablesSource.ts';
import { targetRank } from '../targets/usualTargets.ts';
import { joinRows } from './joinRows.ts';
import { looksLikeTexts, readTextLines } from './textLines.ts';

const TABLE = /\.(?:csv|tsv|tab)$/i;
/** Texts in lines; `rt-polarity.pos` has the class as its ending. */
const LINES = /\.(?:txt|pos|neg)$|^[^.]+$/i;
const ENDING = /\.(?:csv|tsv|tab|txt)$/i;
/** Names of texts that tell of data, or hold one side of pairs. */
const NO_CLASS =
  /^(?:read ?me|licen[cs]e|about|notes?|info|description|requirements|classes|labels?|names|features?|data|x|y|targets?|source|src|tgt|input|output|questions?|answers?|queries|documents?|corpus|vocab(?:ulary)?|words|stop ?words|index|list|files?|text|texts|sentences?|[a-z]{1,2})$/i;
/** The class of each row, where no column is called so. */
const CLASS = 'class';
const FEWEST_ROWS = 3;
const MOST_FILES = 200;

interface ClassFile {
  readonly name: string;
  readonly label: string;
}

/** A file of every class: `pos.txt` and `neg.txt` with a text in every line, or `True.csv` and `Fake.csv` with the same columns. */
export const filesOfClasses = {
  description:
    'a file of every class: texts, one in a line (pos.txt, neg.txt), or tables of the same columns whose names are opposites (True.csv, Fake.csv)',
  recognises: async (location) => (await classFiles(location)) !== undefined,
  open: openFilesOfClasses,
} satisfies Format;

async function classFiles(
  location: Location,
): Promise<{ readonly kind: 'tables' | 'lines'; readonly files: readonly ClassFile[] } | undefined> {
  const { folder, file, files, folders } = location;
  if (file !== undefined || folders.length > 0 || files.some(isImageName)) return undefined;
  const tables = named(files.filter((name) => TABLE.test(name)));
  if (tables.length > 0) {
    const isOfClasses = areOpposites(tables.map(({ label }) => label)) && (await haveSameColumns(folder, tables));
    return isOfClasses ? { kind: 'tables', files: withOwnLabels(tables) } : undefined;
  }
  const lines = named(files.filter((name) => LINES.test(name))).filter(
    ({ label }) => !/^(?:read|licen[cs]e)/i.test(label),
  );
  const others = files.filter((name) => !LINES.test(name) && !/\.(?:md|html?|pdf)$/i.test(name));
  if (lines.length < 2 || lines.length > MOST_FILES || others.length > 0) return undefined;
  const labels = lines.map(({ label }) => label);
  const isNamed = areOpposites(labels) || labels.every(isClassName);
  if (isNamed && !areOpposites(labels)) {
    const kinds = await Promise.all(lines.map(({ name }) => plainTextKind(join(folder, name))));
    if (kinds.some((kind) => kind !== undefined)) return undefined;
  }
  const counts = isNamed ? await Promise.all(lines.map(({ name }) => looksLikeTexts(join(folder, name)))) : [];
  if (!isNamed || counts.some((count) => count === undefined || count < FEWEST_ROWS)) return undefined;
  // Files that are all as long may hold pairs, line by line.
  const isEven = new Set(counts).size === 1;
  return isEven && !areOpposites(labels) ? undefined : { kind: 'lines', files: withOwnLabels(lines) };
}

function named(files: readonly string[]): readonly ClassFile[] {
  return files.map((name) => ({ name, label: name.replace(ENDING, '') }));
}

/** Words that all files are called by name no class. */
function withOwnLabels(files: readonly ClassFile[]): readonly ClassFile[] {
  const labels = ownWords(files.map(({ label }) => label));
  return new Set(labels).size === files.length && !labels.includes('')
    ? files.map(({ name }, at) => ({ name, label: labels[at] ?? name }))
    : files;
}

/** Whether a name is a word or two without numbers, and that of no split or of what lies beside data. */
function isClassName(label: string): boolean {
  const splits = Object.values(SPLIT_NAMES).flat() as readonly string[];
  return (
    !/\d/.test(label) &&
    !label.includes('.') &&
    !NO_CLASS.test(label.replaceAll(/[-_]/g, ' ')) &&
    !splitWords(label).some((word) => splits.includes(word))
  );
}

/** Whether all tables have the same columns, none of which is called like a target. */
async function haveSameColumns(folder: string, files: readonly ClassFile[]): Promise<boolean> {
  const headers = await Promise.all(
    files.map(async ({ name }) => (await readOpeningLines(join(folder, name), name, {})).names.join('\n')),
  );
  const [first = ''] = headers;
  return headers.every((each) => each === first) && !first.split('\n').some((name) => targetRank(name) !== undefined);
}

async function openFilesOfClasses(
  location: Location,
  context: OpenContext,
  options: DatasetOptions,
): Promise<UnfittedSource> {
  const { kind, files = [] } = (await classFiles(location)) ?? {};
  const { folder } = location;
  const { signal, encoding } = context;
  const read = (name: string, storage: ReadonlyMap<string, Storage>): Promise<Table> =>
    kind === 'tables'
      ? readDelimited(join(folder, name), { storage, signal, encoding })
      : readTextLines(join(folder, name), { signal, encoding });
  const reader: TableReader = async (storage) => {
    const tables: Table[] = [];
    for (const { name } of files) tables.push(await read(name, storage));
    return joinRows(
      basename(folder),
      tables.map((table, at) => ({ table, label: files[at]?.label ?? '', read: (kept) => read(table.file, kept) })),
      CLASS,
      storage,
    );
  };
  const source = await tablesSource(
    { format: kind === 'tables' ? 'tables of classes' : 'texts of classes', folder, training: reader },
    context,
    {
      ...options,
      target: options.target ?? CLASS,
      ...(kind === 'lines' && { columns: { text: 'text' as const, ...options.columns } }),
    },
  );
  const what = kind === 'tables' ? 'rows' : 'lines';
  const message = `The ${what} of ${listOf(files.map(({ name }) => name))} are taken for samples of the classes that the files are called like.`;
  return withFindings(source, [warning('dataset.path', message, 'Name one file to use it alone.')]);
}
