import { writerOfBounds, writerOfDifferences } from './differenceTexts.ts';
import { formatBytes, formatInteger, formatLoss, formatMilliseconds, formatPercent, formatShare } from './format.ts';
import type { Answer, Decisions, Disagreement, Interval, ReliabilityBin, ShownSample } from './quality.ts';
import type { ModelReport, Report, Variant, VariantKind } from './report.ts';
import type { WrittenTable } from './reportTable.ts';
import { membersSection } from './membersSection.ts';
import { seedsSection } from './seedsSection.ts';
import { inEnglish, label, type LabelledText, type ReportText } from './reportText.ts';

/** A table, ready to be drawn: the first cell of a row is its heading. */
export interface SectionTable {
  readonly head: readonly ReportText[];
  readonly rows: readonly (readonly ReportText[])[];
}

/** What is drawn beside a table, where drawings are possible. */
export type SectionFigure =
  | { readonly kind: 'reliability'; readonly bins: readonly ReliabilityBin[] }
  | {
      readonly kind: 'confusion';
      readonly classes: readonly string[];
      readonly counts: readonly (readonly number[])[];
    };

/** A sample that is worth a look, and what is to be said of it. */
export interface SectionSample {
  readonly shown: ShownSample | null;
  readonly heading: LabelledText;
  readonly lines: readonly LabelledText[];
}

export type SectionId =
  | 'decisions'
  | 'targets'
  | 'differences'
  | 'members'
  | 'seeds'
  | 'variants'
  | 'class-quality'
  | 'reliability'
  | 'confusion'
  | 'disagreements';

/** A part of the report after its first table: the same in the terminal, the panel, HTML and Markdown. */
export interface ReportSection {
  readonly id: SectionId;
  readonly title: LabelledText;
  /** Long ones are folded away where that is possible, and left out in the terminal. */
  readonly isLong: boolean;
  readonly sentences: readonly LabelledText[];
  readonly table?: SectionTable;
  readonly figure?: SectionFigure;
  readonly samples?: readonly SectionSample[];
}

/** The table in English. */
export function writtenTable({ head, rows }: SectionTable): WrittenTable {
  return { head: head.map(inEnglish), rows: rows.map((row) => row.map(inEnglish)) };
}

/** The parts that a report has, in order. */
export function reportSections(report: Report): readonly ReportSection[] {
  const parts = [
    differences(report),
    membersSection(report),
    seedsSection(report),
    variants(report),
    decisions(report),
    targets(report),
    classQuality(report),
    reliability(report),
    confusion(report),
    disagreements(report),
  ];
  return parts.filter((part) => part !== undefined);
}

function differences(report: Report): ReportSection | undefined {
  const { comparison, gainInterval, exportDifference, dataset } = report;
  const bound = writerOfBounds(report);
  const write = writerOfDifferences(report);
  const sentences: LabelledText[] = [];
  const tell = (text: Parameters<typeof label>[0], { value, low, high }: Interval): void => {
    sentences.push(label(text, write(value), ...[low, high].map(bound)));
  };
  if (comparison) tell('Student against teacher: {0} (95 % interval {1} to {2}).', comparison.difference);
  if (gainInterval) {
    tell('Student against the same student trained without the teacher: {0} (95 % interval {1} to {2}).', gainInterval);
  }
  if (comparison?.divergence != null) {
    sentences.push(label('Mean divergence from the teacher: {0} nats.', formatLoss(comparison.divergence)));
  }
  if (comparison) sentences.push(...regressions(comparison.classes, dataset.classes));
  if (exportDifference !== null) {
    sentences.push(
      exportDifference === 0
        ? label('The written student gives the same outputs as the trained one.')
        : label(
            'The outputs of the written student differ from those of the trained one by at most {0} of the largest.',
            formatLoss(exportDifference),
          ),
    );
  }
  return sentences.length === 0
    ? undefined
    : { id: 'differences', title: label('Differences'), isLong: false, sentences };
}

/** Classes on which the student is surely worse, the worst first. */
function regressions(intervals: readonly (Interval | null)[], classes: readonly string[]): readonly LabelledText[] {
  if (intervals.length === 0) return [];
  const worse = intervals
    .flatMap((interval, index) => (interval && interval.high < 0 ? [{ ...interval, name: classes[index] ?? '' }] : []))
    .sort((one, other) => one.value - other.value);
  if (worse.length === 0) return [label('The student is not surely worse than the teacher on any class.')];
  const points = (share: number): string => (-share * 100).toFixed(1);
  return worse
    .slice(0, MOST_REGRESSIONS)
    .map(({ name, value, low, high }) =>
      label(
        "Worse than the teacher on '{0}' by {1} points (95 % interval {2} to {3}).",
        name,
        points(value),
        points(high),
        points(low),
      ),
    );
}

/** Classes that are named at most. */
const MOST_REGRESSIONS = 10;

const variantLabels: Readonly<Record<VariantKind, LabelledText>> = {
  'static-int8': label('Static int8'),
  'dynamic-int8': label('Dynamic int8'),
  float16: label('Float16'),
};

function variants(report: Report): ReportSection | undefined {
  if (report.variants.length === 0) return undefined;
  const { student, agreement, weightBytes } = report;
  const write = writerOfDifferences(report);
  const share = (value: number | null): string => (value === null ? '–' : formatPercent(value));
  const figures = (model: ModelReport, bytes: number | null): readonly string[] => [
    formatBytes(model.bytes),
    bytes === null ? '–' : formatBytes(bytes),
    formatMilliseconds(model.latencyMs.p50),
    model.test.accuracy === null ? formatLoss(model.test.loss) : formatPercent(model.test.accuracy),
  ];
  const row = (variant: Variant): readonly ReportText[] => [
    variantLabels[variant.kind],
    ...figures(variant, variant.weightBytes),
    write(variant.difference.value),
    share(variant.agreement),
    variant.file ?? label('not kept'),
  ];
  return {
    id: 'variants',
    title: label('Quantised students'),
    isLong: false,
    sentences: report.variants.flatMap(({ kind, refusal }) =>
      refusal === null ? [] : [label('{0}: {1}', variantLabels[kind].label, refusal)],
    ),
    table: {
      head: [
        '',
        label('File size'),
        label('Size of the weights'),
        label('Latency, median'),
        student.test.accuracy === null ? label('Mean squared error') : label('Test accuracy'),
        label('Against the student'),
        label('Agrees with teacher'),
        label('File'),
      ],
      rows: [
        [label('Trained (float32)'), ...figures(student, weightBytes), '', share(agreement), student.file],
        ...report.variants.map(row),
      ],
    },
  };
}

/** The networks that a report compares, with their names. */
function networksOf({ teacher, student, baseline }: Report): readonly (readonly [LabelledText, ModelReport])[] {
  return [
    ...(teacher ? [[label('Teacher'), teacher] as const] : []),
    [label('Student'), student],
    ...(baseline ? [[label('Baseline'), baseline] as const] : []),
  ];
}

function decisions(report: Report): ReportSection | undefined {
  if (!report.student.decisions) return undefined;
  const networks = networksOf(report);
  const row = (title: LabelledText, figure: (of: Decisions) => number | null): (readonly ReportText[])[] => {
    const values = networks.map(([, model]) => (model.decisions ? figure(model.decisions) : null));
    if (values.every((value) => value === null)) return [];
    return [[title, ...values.map((value) => (value === null ? '–' : formatShare(value)))]];
  };
  return {
    id: 'decisions',
    title: label('Decisions on the test split'),
    isLong: false,
    sentences: [],
    table: {
      head: [label('Measured'), ...networks.map(([name]) => name)],
      rows: [
        ...row(label('Top-5 accuracy'), ({ topFive }) => topFive),
        ...row(label('Balanced accuracy'), ({ balancedAccuracy }) => balancedAccuracy),
        ...row(label('Precision, mean of the classes'), ({ macro }) => macro.precision),
        ...row(label('Recall, mean of the classes'), ({ macro }) => macro.recall),
        ...row(label('F1, mean of the classes'), ({ macro }) => macro.f1),
        ...row(label('F1 of all decisions'), ({ micro }) => micro.f1),
        ...row(label('Area under the ROC curve'), ({ areaUnderCurve }) => areaUnderCurve),
        ...row(label('Calibration error'), ({ calibrationError }) => calibrationError),
      ],
    },
  };
}

function targets(report: Report): ReportSection | undefined {
  const names = report.student.targets.map(({ name }) => name);
  if (names.length === 0) return undefined;
  const networks = networksOf(report);
  const figures = [
    [label('Mean absolute error'), 'meanAbsoluteError'],
    [label('Root mean squared error'), 'rootMeanSquaredError'],
    ['R²', 'determination'],
  ] as const;
  return {
    id: 'targets',
    title: label('Predicted numbers, in their own units'),
    isLong: false,
    sentences: [],
    table: {
      head: ['', label('Measured'), ...networks.map(([name]) => name)],
      rows: names.flatMap((name, index) =>
        figures.map(([title, figure]) => [
          name,
          title,
          ...networks.map(([, { targets: qualities }]) => formatLoss(qualities[index]?.[figure] ?? NaN)),
        ]),
      ),
    },
  };
}

function classQuality({ student, dataset }: Report): ReportSection | undefined {
  if (!student.decisions) return undefined;
  return {
    id: 'class-quality',
    title: label('The student, class by class'),
    isLong: true,
    sentences: [],
    table: {
      head: [
        label('Class'),
        label('Samples'),
        label('Precision of the class'),
        label('Recall'),
        label('F1'),
        label('Area under the ROC curve'),
      ],
      rows: student.decisions.classes.map(({ samples, precision, recall, f1, areaUnderCurve }, index) => [
        dataset.classes[index] ?? '',
        formatInteger(samples),
        ...[precision, recall, f1].map(formatShare),
        areaUnderCurve === null ? '–' : formatShare(areaUnderCurve),
      ]),
    },
  };
}

function reliability({ student }: Report): ReportSection | undefined {
  const bins = student.decisions?.reliability;
  if (!bins) return undefined;
  const written = (share: number | null): string => (share === null ? '–' : formatPercent(share, 1));
  return {
    id: 'reliability',
    title: label('How far the student can be believed'),
    isLong: true,
    sentences: [
      label('Decisions by confidence: where bars reach the diagonal, the student is right as often as it is sure.'),
    ],
    figure: { kind: 'reliability', bins },
    table: {
      head: ['', label('Decisions'), label('Confidence'), label('Right')],
      rows: bins.map(({ decisions: count, confidence, accuracy }, index) => [
        label('{0} to {1}', formatPercent(index / bins.length, 0), formatPercent((index + 1) / bins.length, 0)),
        formatInteger(count),
        written(confidence),
        written(accuracy),
      ]),
    },
  };
}

function confusion({ student, dataset: { classes } }: Report): ReportSection | undefined {
  const counts = student.decisions?.confusion;
  if (!counts) return undefined;
  return {
    id: 'confusion',
    title: label('What the student takes for what'),
    isLong: true,
    sentences: [label('Rows are the classes that samples have, columns those that the student chose.')],
    figure: { kind: 'confusion', classes, counts },
    table: {
      head: [label('Class'), ...classes],
      rows: counts.map((row, index) => [classes[index] ?? '', ...row.map(formatInteger)]),
    },
  };
}

function disagreements({ comparison, dataset: { classes } }: Report): ReportSection | undefined {
  const found = comparison?.disagreements ?? [];
  if (found.length === 0) return undefined;
  const numbers = (values: readonly number[]): string => values.map(formatLoss).join(', ');
  const truth = (of: Disagreement['truth']): string =>
    'class' in of ? (classes[of.class] ?? '–') : numbers(of.values);
  const answer = (of: Answer): string =>
    of.kind === 'class' ? `${classes[of.class] ?? '–'} (${formatPercent(of.probability, 1)})` : numbers(of.values);
  return {
    id: 'disagreements',
    title: label('Where teacher and student differ most'),
    isLong: true,
    sentences: [],
    samples: found.map((each) => ({
      shown: each.shown,
      heading: label('Test sample {0}, labelled {1}', formatInteger(each.sample), truth(each.truth)),
      lines: [label('Teacher: {0}', answer(each.teacher)), label('Student: {0}', answer(each.student))],
    })),
  };
}
