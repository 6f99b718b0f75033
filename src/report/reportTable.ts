import { formatBytes, formatCount, formatInteger, formatLoss, formatPercent, writerOfMilliseconds } from './format.ts';
import { factorIntervalText, factorText, speedLabels } from './wording/factorText.ts';
import type { Interval } from './quality.ts';
import { pointsText } from './wording/differenceTexts.ts';
import { inEnglish, type ReportText } from './wording/reportText.ts';
import type { Deviation, ModelReport, Report } from './report.ts';

/** What a row of the report's table compares. */
export type ReportRowId =
  | 'parameters'
  | 'macs'
  | 'bytes'
  | 'gzip'
  | 'latency-p50'
  | 'latency-p95'
  | 'latency-p99'
  | 'throughput'
  | 'throughput-batched'
  | 'latency-p50-cpu'
  | 'throughput-cpu'
  | 'throughput-batched-cpu'
  | 'memory'
  | 'memory-batched'
  | 'accuracy'
  | 'errors'
  | 'loss'
  | 'rmse'
  | 'mae'
  | 'determination'
  | 'agreement';

/** One row of the report's table, written out. A cell that does not apply is null. */
export interface ReportRow {
  readonly id: ReportRowId;
  readonly label: string;
  readonly teacher: string | null;
  readonly student: string;
  readonly baseline: string | null;
  /** The student against the teacher: how many times smaller or faster, or the difference in percentage points. */
  readonly change: ReportText | null;
}

/** One class of the test split: recall of every network, written out. */
export interface ClassRow {
  readonly name: string;
  readonly teacher: string | null;
  readonly student: string | null;
  readonly baseline: string | null;
  /** Student minus teacher in percentage points. */
  readonly change: ReportText | null;
}

/** Of less memory than this a ratio says nothing: what a process takes besides varies by as much. */
const leastMemory = 2 ** 18;

/** The rows of the compression table, the same in the terminal, the panel, HTML and Markdown. */
export function reportRows(report: Report): readonly ReportRow[] {
  const { teacher, student, ratios } = report;
  const row = (
    id: ReportRowId,
    label: string,
    cell: (model: ModelReport) => string,
    change?: ReportText,
  ): ReportRow => ({
    id,
    label,
    teacher: teacher && cell(teacher),
    student: cell(student),
    baseline: report.baseline && cell(report.baseline),
    change: change ?? null,
  });
  /** A row for what not every report has. */
  const known = (
    id: ReportRowId,
    text: string,
    figure: (model: ModelReport) => number | null,
    format: (value: number) => string,
    change?: ReportText,
  ): readonly ReportRow[] => {
    const networks = [teacher, student, report.baseline].filter((model) => model !== null);
    if (networks.every((model) => figure(model) === null)) return [];
    const cell = (model: ModelReport): string => {
      const value = figure(model);
      return value === null ? '–' : format(value);
    };
    return [row(id, text, cell, change)];
  };
  const memoryRow = (id: ReportRowId, text: string, figure: (model: ModelReport) => number | null) => {
    const [ofTeacher, ofStudent] = [teacher && figure(teacher), figure(student)];
    const isTold = ofTeacher !== null && ofStudent !== null && Math.min(ofTeacher, ofStudent) >= leastMemory;
    const ratio = isTold ? ofTeacher / ofStudent : undefined;
    return known(id, text, figure, formatBytes, smaller(ratio));
  };
  const device = namedDevice(report);
  const where = device === undefined ? '' : ` on ${device}`;
  const writeLatency = writerOfLatencies(report);
  const cpuLatency = ({ cpuSpeed }: ModelReport): number | null => cpuSpeed?.latencyMs.p50 ?? null;
  const [ofTeacher, ofStudent] = [teacher && cpuLatency(teacher), cpuLatency(student)];
  const cpuInterval = ratios?.cpuLatencyInterval ?? null;
  const ofMedians = ofTeacher === null || ofStudent === null ? undefined : ofTeacher / ofStudent;
  const cpuRatio = ofMedians === undefined ? undefined : (cpuInterval?.value ?? ofMedians);
  const rows = [
    row('parameters', 'Parameters', (model) => formatCount(model.parameters), smaller(ratios?.parameters)),
    row('macs', 'MACs per sample', (model) => formatCount(model.macs), smaller(ratios?.macs)),
    row('bytes', 'File size', (model) => formatBytes(model.bytes), smaller(ratios?.bytes)),
    ...known('gzip', 'File size, gzip', ({ gzipBytes }) => gzipBytes, formatBytes),
    row(
      'latency-p50',
      `Latency${where}, median`,
      (model) => writeLatency(model.latencyMs.p50),
      faster(ratios?.latency, ratios?.latencyInterval),
    ),
    row('latency-p95', `Latency${where}, 95 %`, (model) => writeLatency(model.latencyMs.p95)),
    ...known('latency-p99', `Latency${where}, 99 %`, ({ latencyMs }) => latencyMs.p99, writeLatency),
    ...known('throughput', `Samples/s${where}`, ({ throughput }) => throughput?.single ?? null, formatCount),
    ...known(
      'throughput-batched',
      `Samples/s${where}, batch 32`,
      ({ throughput }) => throughput?.batched ?? null,
      formatCount,
    ),
    ...known('latency-p50-cpu', 'Latency on cpu, median', cpuLatency, writeLatency, faster(cpuRatio, cpuInterval)),
    ...known('throughput-cpu', 'Samples/s on cpu', ({ cpuSpeed }) => cpuSpeed?.throughput?.single ?? null, formatCount),
    ...known(
      'throughput-batched-cpu',
      'Samples/s on cpu, batch 32',
      ({ cpuSpeed }) => cpuSpeed?.throughput?.batched ?? null,
      formatCount,
    ),
    ...memoryRow('memory', 'Peak memory', ({ memory }) => memory?.single ?? null),
    ...memoryRow('memory-batched', 'Peak memory, batch 32', ({ memory }) => memory?.batched ?? null),
    ...qualityRows(report, row),
  ];
  if (report.agreement === null) return rows;
  const agreement = formatPercent(report.agreement);
  return [
    ...rows,
    {
      id: 'agreement',
      label: 'Agrees with teacher',
      teacher: null,
      student: agreement,
      baseline: null,
      change: null,
    },
  ];
}

/** The device that speeds were measured on, where that has to be said because they were measured on the CPU, too. */
export function namedDevice({ student, device }: Report): string | undefined {
  return student.cpuSpeed ? device.latency : undefined;
}

/** What writes the latencies of a report, given in milliseconds, all in the unit that suits the longest. */
export function writerOfLatencies({
  teacher,
  student,
  baseline,
  variants,
}: Pick<Report, 'teacher' | 'student' | 'baseline' | 'variants'>): (milliseconds: number) => string {
  const networks: readonly (ModelReport | null)[] = [teacher, student, baseline, ...variants];
  return writerOfMilliseconds(
    networks.flatMap((network) => {
      if (!network) return [];
      const { p50, p95, p99 } = network.latencyMs;
      return [p50, p95, p99, network.cpuSpeed?.latencyMs.p50].filter((time) => typeof time === 'number');
    }),
  );
}

type WriteRow = (
  id: ReportRowId,
  label: string,
  cell: (model: ModelReport) => string,
  change?: ReportText,
) => ReportRow;

/** What the test split shows: decisions and their loss, or how far numbers are off. */
function qualityRows({ teacher, student }: Report, row: WriteRow): readonly ReportRow[] {
  if (student.test.deviation) {
    return [
      row('loss', 'Mean squared error', (model) => formatLoss(model.test.loss)),
      row('rmse', 'Root mean squared error', (model) => formatLoss(deviationOf(model, 'rootMeanSquaredError'))),
      row('mae', 'Mean absolute error', (model) => formatLoss(deviationOf(model, 'meanAbsoluteError'))),
      row('determination', 'R²', (model) => formatLoss(deviationOf(model, 'determination'))),
    ];
  }
  const share = ({ test }: ModelReport): number => test.accuracy ?? NaN;
  const change = teacher ? pointsText(share(student) - share(teacher)) : undefined;
  return [
    row('accuracy', 'Test accuracy', (model) => formatPercent(share(model)), change),
    row('errors', `Errors of ${formatInteger(student.test.samples)}`, ({ test }) => formatInteger(test.errors ?? NaN)),
    row('loss', 'Test cross-entropy', (model) => formatLoss(model.test.loss)),
  ];
}

/** In the unit of the one number that is predicted; of several numbers together, as they are scaled for training. */
function deviationOf({ test, targets: [only, ...others] }: ModelReport, figure: keyof Deviation): number {
  return (only && others.length === 0 ? only[figure] : test.deviation?.[figure]) ?? NaN;
}

/** Recall of every class, in class order. */
export function classRows(report: Report): readonly ClassRow[] {
  const { teacher, student, baseline } = report;
  return report.dataset.classes.map((name, index) => {
    const recall = (model: ModelReport | null) => model?.test.perClass[index] ?? null;
    const [ofTeacher, ofStudent, ofBaseline] = [recall(teacher), recall(student), recall(baseline)];
    return {
      name,
      teacher: percent(ofTeacher),
      student: percent(ofStudent),
      baseline: percent(ofBaseline),
      change: ofTeacher === null || ofStudent === null ? null : pointsText(ofStudent - ofTeacher),
    };
  });
}

function percent(share: number | null): string | null {
  return share === null ? null : formatPercent(share);
}

function smaller(ratio: number | undefined): ReportText | undefined {
  return ratio === undefined
    ? undefined
    : factorText(ratio, { above: '{0} smaller', below: '{0} larger', equal: 'the same' });
}

function faster(ratio: number | undefined, interval: Interval | null = null): ReportText | undefined {
  return ratio === undefined ? undefined : factorIntervalText(ratio, interval, speedLabels);
}

/** A table ready to be drawn: the first column is the row's heading. Columns that this report lacks are left out. */
export interface WrittenTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How the texts of a table are written. */
interface TableWords {
  readonly t: (message: string) => string;
  readonly write: (text: ReportText) => string;
  /** What a row is called, where that is not its English label. */
  readonly rowLabel?: (id: ReportRowId) => string;
}

const englishWords: TableWords = { t: (message) => message, write: inEnglish };

/** `reportRows` with the columns that apply. */
export function comparisonTable(report: Report, words: TableWords = englishWords): WrittenTable {
  const rows = reportRows(report).map((row) => ({ ...row, heading: words.rowLabel?.(row.id) ?? row.label }));
  return withColumns(report, '', rows, words);
}

/** `classRows` with the columns that apply. */
export function classTable(report: Report, words: TableWords = englishWords): WrittenTable {
  const rows = classRows(report).map((row) => ({ ...row, heading: row.name }));
  return withColumns(report, words.t('Class'), rows, words);
}

type Column = 'heading' | 'teacher' | 'student' | 'baseline' | 'change';

function withColumns(
  { teacher, baseline }: Report,
  headingTitle: string,
  rows: readonly Readonly<Record<Column, ReportText | null>>[],
  { t, write }: TableWords,
): WrittenTable {
  const columns: readonly (readonly [Column, string])[] = [
    ['heading', headingTitle],
    ...(teacher ? [['teacher', t('Teacher')] as const] : []),
    ['student', t('Student')],
    ...(baseline ? [['baseline', t('Baseline')] as const] : []),
    ...(teacher ? [['change', t('Difference')] as const] : []),
  ];
  return {
    head: columns.map(([, title]) => title),
    rows: rows.map((row) => columns.map(([column]) => write(row[column] ?? ''))),
  };
}
