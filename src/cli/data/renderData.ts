import type { DataInspection, SplitInspection } from '../../preflight/inspection/inspectData.ts';
import type { ColumnSurvey, ImageSurvey, TableSurvey } from '../../data/survey/survey.ts';
import type { Finding } from '../../data/findings/finding.ts';
import { formatInteger, formatPercent } from '../../report/format.ts';
import { renderTable } from '../renderTable.ts';
import { painted, type Output } from '../terminal.ts';

/** Of more classes, columns or findings the others are counted; `--json` has all. */
const MOST_CLASSES = 30;
const MOST_COLUMNS = 60;
const MOST_FINDINGS = 30;
/** Sizes and kinds of images that are told. */
const MOST_OF_EACH = 4;

/** What data were taken for, as a person reads it. */
export function renderData(data: DataInspection, output: Output): string {
  const { path, format, task, sampleShape, splits, table, images, repeated } = data;
  const facts: readonly (readonly [string, string])[] = [
    ['Format', format],
    ['Task', data.targets.length > 0 ? `${task} of ${data.targets.join(', ')}` : task],
    ...(table?.target ? targetFacts(table) : []),
    ['Sample', `[${sampleShape.join(', ')}]`],
    ['Training', samplesOf(splits.training)],
    ['Validation', samplesOf(splits.validation)],
    ['Test', samplesOf(splits.test)],
    ...(images ? imageFacts(images) : []),
    ['Repeated', repeated === null ? 'not compared' : repeatedText(repeated, splits.training.samples)],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, fact]) => `${painted(output, 'dim', name.padEnd(width))}  ${fact}`);
  return [
    `${[painted(output, 'bold', path), ...lines].join('\n')}\n`,
    classesTable(data, output),
    table && table.columns.length > 0 ? columnsTable(table, output) : '',
    findingLines(data.findings, output),
  ].join('');
}

function targetFacts({ target }: TableSurvey): readonly (readonly [string, string])[] {
  if (!target) return [];
  const { columns, reason, alternatives } = target;
  const others =
    alternatives.length === 0 ? [] : [['Or', `${alternatives.join(', ')} (--target, dataset.target)`] as const];
  return [['Target', `${columns.join(', ')}: ${reason}`], ...others];
}

function samplesOf({ samples, origin }: SplitInspection): string {
  return `${formatInteger(samples)} samples${origin === 'drawn' ? ', drawn from the training samples' : ''}`;
}

function repeatedText(repeated: number, samples: number): string {
  if (repeated === 0) return 'no training sample equals another';
  const equal = repeated === 1 ? '1 training sample equals' : `${formatInteger(repeated)} training samples equal`;
  return `${equal} an earlier one (${formatPercent(repeated / samples)})`;
}

function imageFacts({ images, lookedAt, sizes, kinds, turned }: ImageSurvey): readonly (readonly [string, string])[] {
  const of = lookedAt < images ? `, of ${formatInteger(lookedAt)} looked at` : '';
  const told = (items: readonly (readonly [string, number])[]): string => {
    const [only] = items;
    if (items.length === 1 && only) return `${only[0]}, all${of}`;
    const more = items.length > MOST_OF_EACH ? `, ${formatInteger(items.length - MOST_OF_EACH)} others` : '';
    const first = items.slice(0, MOST_OF_EACH).map(([name, count]) => `${name} (${formatInteger(count)})`);
    return `${first.join(', ')}${more}${of}`;
  };
  if (lookedAt === 0) return [];
  return [
    ['Sizes', told(sizes.map(({ width, height, images: count }) => [`${width}×${height}`, count]))],
    ['Kinds', told(kinds.map(({ kind, images: count }) => [kind, count]))],
    ...(turned > 0
      ? [['Turned', `${formatInteger(turned)} say in their EXIF data that they are to be turned`] as const]
      : []),
  ];
}

function classesTable({ classes }: DataInspection, output: Output): string {
  if (classes.length === 0) return '';
  const shown = classes.slice(0, MOST_CLASSES);
  const rows = shown.map(({ name, training, validation, test }) => [
    name,
    ...[training, validation, test].map(formatInteger),
  ]);
  const more =
    classes.length > shown.length ? `… and ${formatInteger(classes.length - shown.length)} more classes.\n` : '';
  return `\n${renderTable(['Class', 'Training', 'Validation', 'Test'], rows, output)}${more}`;
}

function columnsTable({ columns, rows }: TableSurvey, output: Output): string {
  const shown = columns.slice(0, MOST_COLUMNS);
  const cells = shown.map((column) => [
    column.name,
    column.use,
    valuesOf(column),
    column.distinct === null ? 'many' : formatInteger(column.distinct),
    column.missing === 0 ? '' : `${formatInteger(column.missing)} (${formatPercent(column.missing / rows)})`,
  ]);
  const more =
    columns.length > shown.length ? `… and ${formatInteger(columns.length - shown.length)} more columns.\n` : '';
  return `\n${renderTable(['Column', 'Used as', 'Values', 'Different', 'Missing'], cells, output, 3)}${more}`;
}

const MOST_WORDS = 3;
const MOST_LETTERS = 16;

function valuesOf({ use, range, frequent, distinct }: ColumnSurvey): string {
  // Numbers that are classes are names.
  const isNamed = use === 'target' && frequent.length > 0;
  if (range && !isNamed) return `${short(range.least)} … ${short(range.most)}, mean ${short(range.mean)}`;
  const words = frequent.slice(0, MOST_WORDS).map(({ value }) => {
    const line = value.trim().replace(/\s+/g, ' ');
    return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS - 1)}…` : line;
  });
  return `${words.join(', ')}${(distinct ?? Infinity) > words.length ? ', …' : ''}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function findingLines(findings: readonly Finding[], output: Output): string {
  if (findings.length === 0) return '';
  const sorted = findings.toSorted(
    (one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'),
  );
  const lines = sorted.slice(0, MOST_FINDINGS).map(({ severity, message, hint }) => {
    const mark = severity === 'warning' ? painted(output, 'yellow', 'Warning:') : painted(output, 'dim', 'Note:');
    return `${mark} ${message}${hint === undefined ? '' : ` ${hint}`}\n`;
  });
  const more = sorted.length - lines.length;
  return `\n${lines.join('')}${more > 0 ? `… and ${formatInteger(more)} more.\n` : ''}`;
}
