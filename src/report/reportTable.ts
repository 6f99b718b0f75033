import { formatBytes, formatCount, formatInteger, formatLoss, formatPercent } from './format.ts';
import { factorIntervalText, factorText, speedLabels } from './wording/factorText.ts';
import type { Interval } from './quality.ts';
import { pointsText } from './wording/differenceTexts.ts';
import { writerOfLatencies } from './wording/latencyTexts.ts';
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
const LEAST_MEMORY = 2 ** 18;

/** The rows of the compression table, the same in the terminal, the panel, HTML and Markdown. */
export function reportRows(report: Report): readonly ReportRow[] {
  const rows = new RowWriter(report);
  return [
    ...sizeRows(report, rows),
    ...speedRows(report, rows),
    ...cpuSpeedRows(report, rows),
    ...memoryRow('memory', 'Peak memory', report, (model) => model.memory?.single ?? null),
    ...memoryRow('memory-batched', 'Peak memory, batch 32', report, (model) => model.memory?.batched ?? null),
    ...qualityRows(report, rows),
    ...agreementRows(report),
  ];
}

/** Writes rows with a cell for each network of a report. */
class RowWriter {
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** @param change the student against the teacher */
  row(id: ReportRowId, label: string, cell: (model: ModelReport) => string, change?: ReportText): ReportRow {
    const { teacher, student, baseline } = this.#report;
    return {
      id,
      label,
      teacher: teacher && cell(teacher),
      student: cell(student),
      baseline: baseline && cell(baseline),
      change: change ?? null,
    };
  }

  /** A row for what not every report has: none where no network has it. */
  known(
    id: ReportRowId,
    label: string,
    figure: (model: ModelReport) => number | null,
    format: (value: number) => string,
    change?: ReportText,
  ): readonly ReportRow[] {
    const { teacher, student, baseline } = this.#report;
    if ([teacher, student, baseline].every((model) => model === null || figure(model) === null)) return [];
    const cell = (model: ModelReport): string => {
      const value = figure(model);
      return value === null ? '–' : format(value);
    };
    return [this.row(id, label, cell, change)];
  }
}

function sizeRows({ ratios }: Report, rows: RowWriter): readonly ReportRow[] {
  return [
    rows.row('parameters', 'Parameters', ({ parameters }) => counted(parameters), smaller(ratios?.parameters)),
    rows.row('macs', 'MACs per sample', ({ macs }) => counted(macs), smaller(ratios?.macs)),
    rows.row('bytes', 'File size', (model) => formatBytes(model.bytes), smaller(ratios?.bytes)),
    ...rows.known('gzip', 'File size, gzip', ({ gzipBytes }) => gzipBytes, formatBytes),
  ];
}

/** Speeds on the device of the report. */
function speedRows(report: Report, rows: RowWriter): readonly ReportRow[] {
  const { ratios } = report;
  const device = namedDevice(report);
  const where = device === undefined ? '' : ` on ${device}`;
  const write = writerOfLatencies(report);
  const change = faster(ratios?.latency, ratios?.latencyInterval);
  return [
    rows.row('latency-p50', `Latency${where}, median`, ({ latencyMs }) => write(latencyMs.p50), change),
    rows.row('latency-p95', `Latency${where}, 95 %`, ({ latencyMs }) => write(latencyMs.p95)),
    ...rows.known('latency-p99', `Latency${where}, 99 %`, ({ latencyMs }) => latencyMs.p99, write),
    ...rows.known('throughput', `Samples/s${where}`, ({ throughput }) => throughput?.single ?? null, formatCount),
    ...rows.known(
      'throughput-batched',
      `Samples/s${where}, batch 32`,
      ({ throughput }) => throughput?.batched ?? null,
      formatCount,
    ),
  ];
}

/** Speeds on the CPU, where the device of the report is another one. */
function cpuSpeedRows(report: Report, rows: RowWriter): readonly ReportRow[] {
  const { teacher, student, ratios } = report;
  const latency = ({ cpuSpeed }: ModelReport): number | null => cpuSpeed?.latencyMs.p50 ?? null;
  const [ofTeacher, ofStudent] = [teacher && latency(teacher), latency(student)];
  const interval = ratios?.cpuLatencyInterval ?? null;
  const ofMedians = ofTeacher === null || ofStudent === null ? undefined : ofTeacher / ofStudent;
  const ratio = ofMedians === undefined ? undefined : (interval?.value ?? ofMedians);
  const change = faster(ratio, interval);
  return [
    ...rows.known('latency-p50-cpu', 'Latency on cpu, median', latency, writerOfLatencies(report), change),
    ...rows.known(
      'throughput-cpu',
      'Samples/s on cpu',
      ({ cpuSpeed }) => cpuSpeed?.throughput?.single ?? null,
      formatCount,
    ),
    ...rows.known(
      'throughput-batched-cpu',
      'Samples/s on cpu, batch 32',
      ({ cpuSpeed }) => cpuSpeed?.throughput?.batched ?? null,
      formatCount,
    ),
  ];
}

function memoryRow(
  id: ReportRowId,
  label: string,
  report: Report,
  figure: (model: ModelReport) => number | null,
): readonly ReportRow[] {
  const { teacher, student } = report;
  const [ofTeacher, ofStudent] = [teacher && figure(teacher), figure(student)];
  const isTold = ofTeacher !== null && ofStudent !== null && Math.min(ofTeacher, ofStudent) >= LEAST_MEMORY;
  const change = smaller(isTold ? ofTeacher / ofStudent : undefined);
  return new RowWriter(report).known(id, label, figure, formatBytes, change);
}

function agreementRows({ agreement }: Report): readonly ReportRow[] {
  if (agreement === null) return [];
  const student = formatPercent(agreement);
  return [{ id: 'agreement', label: 'Agrees with teacher', teacher: null, student, baseline: null, change: null }];
}

/** The device that speeds were measured on, where that has to be said because they were measured on the CPU, too. */
export function namedDevice({ student, device }: Report): string | undefined {
  return student.cpuSpeed ? device.latency : undefined;
}

/** What the test split shows: decisions and their loss, or how far numbers are off. */
function qualityRows(report: Report, rows: RowWriter): readonly ReportRow[] {
  const { teacher, student } = report;
  if (student.test.deviation) {
    return [
      rows.row('loss', 'Mean squared error', (model) => formatLoss(model.test.loss)),
      rows.row('rmse', 'Root mean squared error', (model) => formatLoss(deviationOf(model, 'rootMeanSquaredError'))),
      rows.row('mae', 'Mean absolute error', (model) => formatLoss(deviationOf(model, 'meanAbsoluteError'))),
      rows.row('determination', 'R²', (model) => formatLoss(deviationOf(model, 'determination'))),
    ];
  }
  const share = ({ test }: ModelReport): number => test.accuracy ?? NaN;
  const change = teacher ? pointsText(share(student) - share(teacher)) : undefined;
  return [
    rows.row('accuracy', 'Test accuracy', (model) => formatPercent(share(model)), change),
    rows.row('errors', `Errors of ${formatInteger(decisionsOf(report))}`, ({ test }) =>
      formatInteger(test.errors ?? NaN),
    ),
    rows.row('loss', 'Test cross-entropy', (model) => formatLoss(model.test.loss)),
  ];
}

/** How many decisions are judged on the test split: one for a sample, or one for each label that it may have. */
export function decisionsOf({ dataset, student }: Pick<Report, 'dataset' | 'student'>): number {
  return student.test.samples * (dataset.task === 'multi-label' ? dataset.classes.length : 1);
}

/** In the unit of the one number that is predicted; of several numbers together, as they are scaled for training. */
function deviationOf(
  { test, targets: [only, ...others] }: ModelReport,
  figure: Exclude<keyof Deviation, 'determinationError'>,
): number {
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

/** A count; of a network that is only asked nothing is counted. */
function counted(count: number): string {
  return count === 0 ? '–' : formatCount(count);
}

function smaller(ratio: number | undefined): ReportText | undefined {
  return ratio === undefined || ratio === 0 || !Number.isFinite(ratio)
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
