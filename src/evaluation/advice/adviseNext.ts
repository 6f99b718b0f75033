import type { Advice, ExperimentPatch } from '../../report/advice.ts';
import type { Report, SplitMetrics } from '../../report/report.ts';

/** What of the experiment advice depends on and changes. */
export interface AdvisedExperiment {
  /** As its file has it. */
  readonly student: Readonly<Record<string, unknown>>;
  readonly epochs: number;
  /** The steps of the training, against those that a run plans where its file says `auto`: these, fewer, or as many at least. */
  readonly length: 'auto' | 'fewer' | 'more';
  /** The change by which the student learns as its baseline did; null where one change of the file does not do it. */
  readonly withoutTeaching: ExperimentPatch | null;
  /** Whether samples are changed at random. */
  readonly isAugmented: boolean;
  readonly isImages: boolean;
}

export type AdvisedReport = Pick<
  Report,
  | 'student'
  | 'teacher'
  | 'baseline'
  | 'gain'
  | 'gainInterval'
  | 'comparison'
  | 'dataset'
  | 'choice'
  | 'trainingAccuracy'
  | 'trainingDetermination'
  | 'folds'
>;

/** Differences of accuracy, 0…1, and ratios of files that are worth a word. */
const WORTH = { overfitting: 0.05, gapToTeacher: 0.02, fit: 0.03, class: 0.02, larger: 1.05 };
/** The same of R². */
const WORTH_OF_R2 = { overfitting: 0.1, gapToTeacher: 0.05, fit: 0.05 };
/** An accuracy, or R², on the training split from which on a student has room for what it was shown. */
const FITTED = 0.99;
const MOST_CLASSES = 3;
/** Of an accuracy on the test split, by which it may be another by chance. */
const STANDARD_ERRORS = 2;

/** What to do next, the most important first; nothing where all is well, or nothing was measured that would tell. */
export function adviseNext(report: AdvisedReport, experiment: AdvisedExperiment): readonly Advice[] {
  return [
    ...againstLargestClass(report),
    ...againstMean(report),
    ...againstBaseline(report, experiment),
    ...againstTeacher(report),
    ...aboutCompression(report),
    ...aboutSize(report, experiment),
    ...aboutFitting(report, experiment),
    ...aboutLength(report, experiment),
    ...aboutClasses(report),
    ...aboutSamples(report),
  ];
}

/** Tasks in which a sample, or a token, has one class. */
const HAVE_ONE_CLASS: ReadonlySet<string> = new Set(['classification', 'token-classification']);

/** From this area under the ROC curve on, a student that is hardly ever right about a rare class still tells which samples are likelier to be of it. */
const RANKS = 0.6;

/** Whoever always says the largest class learns nothing; a student that is not right more often is of no more use. */
function againstLargestClass({ student, dataset }: AdvisedReport): readonly Advice[] {
  const { decisions, test } = student;
  if (!HAVE_ONE_CLASS.has(dataset.task) || !decisions || test.accuracy === null) return [];
  const counts = decisions.classes.map(({ samples }) => samples);
  const largest = Math.max(...counts);
  const share = largest / counts.reduce((sum, count) => sum + count, 0);
  if (!(test.accuracy <= share)) return [];
  const index = counts.indexOf(largest);
  const { areaUnderCurve } = decisions;
  return [
    {
      kind: 'no-better-than-largest-class',
      largestClass: dataset.classes[index] ?? String(index),
      accuracy: test.accuracy,
      share,
      areaUnderCurve: areaUnderCurve !== null && areaUnderCurve >= RANKS ? areaUnderCurve : null,
      patch: null,
    },
  ];
}

/** The same where numbers are predicted. */
function againstMean({ student, dataset }: AdvisedReport): readonly Advice[] {
  const determination = student.test.deviation?.determination ?? NaN;
  if (dataset.task !== 'regression' || !(determination <= 0)) return [];
  return [{ kind: 'no-better-than-mean', determination, patch: null }];
}

/** A loss against the baseline is never hidden, however small. */
function againstBaseline(
  { gain, gainInterval, student, baseline }: AdvisedReport,
  { withoutTeaching }: AdvisedExperiment,
): readonly Advice[] {
  if (!baseline) return [];
  const difference = gain ?? baseline.test.loss - student.test.loss;
  if (!(difference < 0)) return [];
  const isSure = gainInterval !== null && (gain === null ? gainInterval.low > 0 : gainInterval.high < 0);
  return [{ kind: 'worse-than-baseline', file: 'baseline.onnx', isSure, patch: withoutTeaching }];
}

function againstTeacher({ teacher, baseline, student, choice }: AdvisedReport): readonly Advice[] {
  if (!teacher) return [];
  const other = baseline ?? student;
  const isNoBetter =
    teacher.test.accuracy !== null && other.test.accuracy !== null
      ? teacher.test.accuracy <= other.test.accuracy
      : teacher.test.loss >= other.test.loss && teacher.test.loss > 0;
  if (isNoBetter) return [{ kind: 'teacher-no-better', patch: null }];
  // What the validation split said of the teacher may not hold on the test, which the report shows.
  return choice && GIVEN_UP.has(choice.reason) ? [{ kind: 'taught-no-better', patch: null }] : [];
}

/** Why a run ends with the student that learned from the labels alone. */
const GIVEN_UP: ReadonlySet<string> = new Set(['teacher-no-better', 'taught-no-better', 'alone-better']);

/** A student that is larger than its teacher in every way may be what is wanted for a study, but is no compression. */
function aboutCompression({ student, teacher }: AdvisedReport): readonly Advice[] {
  if (!teacher || student.parameters <= teacher.parameters) return [];
  const times = student.bytes / teacher.bytes;
  return times > WORTH.larger ? [{ kind: 'larger-than-teacher', times, patch: null }] : [];
}

function aboutSize(report: AdvisedReport, experiment: AdvisedExperiment): readonly Advice[] {
  return [...aboutSizeForClasses(report, experiment), ...aboutSizeForNumbers(report, experiment)];
}

function aboutSizeForNumbers(report: AdvisedReport, experiment: AdvisedExperiment): readonly Advice[] {
  const fit = fitOf(report);
  const teacherDetermination = report.teacher?.test.deviation?.determination;
  if (!fit || teacherDetermination === undefined) return [];
  const isBehind = teacherDetermination - fit.training > Math.max(WORTH_OF_R2.gapToTeacher, fit.margin);
  if (!isBehind || fit.training - fit.test > WORTH_OF_R2.fit || aboutLength(report, experiment).length > 0) return [];
  return [
    {
      kind: 'too-small-for-numbers',
      trainingDetermination: fit.training,
      teacherDetermination,
      patch: largerStudent(experiment.student),
    },
  ];
}

/** R² of the student on what it was trained on and on the test, and by how much the latter may be another by chance; undefined where it was not measured. */
function fitOf({
  dataset,
  student,
  trainingDetermination,
}: AdvisedReport): { readonly training: number; readonly test: number; readonly margin: number } | undefined {
  const { deviation } = student.test;
  // Of targets that are the samples themselves nobody expects a student to be too small by R².
  if (dataset.task !== 'regression' || trainingDetermination === null || !deviation) return undefined;
  const { determination: test, determinationError = NaN } = deviation;
  const margin = STANDARD_ERRORS * determinationError;
  return Number.isFinite(margin) ? { training: trainingDetermination, test, margin } : undefined;
}

function aboutSizeForClasses(report: AdvisedReport, experiment: AdvisedExperiment): readonly Advice[] {
  const { trainingAccuracy, teacher, student } = report;
  const [testAccuracy, teacherAccuracy] = [student.test.accuracy, teacher?.test.accuracy ?? null];
  if (trainingAccuracy === null || testAccuracy === null || teacherAccuracy === null) return [];
  const isBehind = teacherAccuracy - trainingAccuracy > beyondChance(WORTH.gapToTeacher, student.test);
  if (!isBehind || trainingAccuracy - testAccuracy > WORTH.fit) return [];
  // Whether it could learn more is known when it has been trained for long enough.
  if (aboutLength(report, experiment).length > 0) return [];
  return [{ kind: 'too-small', trainingAccuracy, teacherAccuracy, patch: largerStudent(experiment.student) }];
}

function aboutFitting(report: AdvisedReport, { student, isAugmented, isImages }: AdvisedExperiment): readonly Advice[] {
  if (!isOverfitted(report)) return [];
  const { trainingAccuracy } = report;
  const testAccuracy = report.student.test.accuracy;
  const patch = !isAugmented && isImages ? { augmentation: { shift: 2 } } : withDropout(student);
  const fit = fitOf(report);
  if (fit) {
    return [{ kind: 'overfits-numbers', trainingDetermination: fit.training, testDetermination: fit.test, patch }];
  }
  return trainingAccuracy === null || testAccuracy === null
    ? []
    : [{ kind: 'overfits', trainingAccuracy, testAccuracy, patch }];
}

function isOverfitted(report: AdvisedReport): boolean {
  const fit = fitOf(report);
  if (fit) return fit.training - fit.test > Math.max(WORTH_OF_R2.overfitting, fit.margin);
  const { trainingAccuracy, student } = report;
  const { test } = student;
  if (trainingAccuracy === null || test.accuracy === null) return false;
  return trainingAccuracy - test.accuracy > beyondChance(WORTH.overfitting, test);
}

/** A difference of accuracies that is worth a word, and that the accuracy of so few test samples does not come to by chance. */
function beyondChance(worth: number, { accuracy, samples }: SplitMetrics): number {
  const share = accuracy ?? NaN;
  return Math.max(worth, STANDARD_ERRORS * Math.sqrt((share * (1 - share)) / samples));
}

/**
 * A training that was cut off. Under a learning rate that falls to the end the last epochs are the best ones even where more would not help, so that a
 * number of epochs gives way to a run's own plan, which ends when the loss falls no more, and is doubled only beyond that.
 */
function aboutLength(report: AdvisedReport, { epochs, length }: AdvisedExperiment): readonly Advice[] {
  const { student } = report;
  const { endedBy, bestEpoch } = student;
  const isCounted = endedBy === 'epochs' && length !== 'auto';
  const isCutOff = isCounted || endedBy === 'maxSteps' || endedBy === 'maxMinutes';
  const onTraining = report.trainingAccuracy ?? fitOf(report)?.training ?? NaN;
  const isFitted = onTraining >= FITTED;
  // Learned longer, samples that are known by heart already are known better, and others worse.
  const isEnough = isFitted || isOverfitted(report) || bestEpoch < 0.9 * epochs;
  if (!isCutOff || isEnough) return [];
  const longer = { training: { epochs: length === 'fewer' ? 'auto' : 2 * epochs } };
  return [{ kind: 'train-longer', epochs, patch: isCounted ? longer : null }];
}

/** Samples in all below which the interval of one test split is wider than most gains. */
const FEW_SAMPLES = 2000;
const USUAL_FOLDS = 5;

/** Where there are few samples and the gain may be chance. */
function aboutSamples({ dataset, gainInterval, folds }: AdvisedReport): readonly Advice[] {
  const samples = dataset.training + dataset.validation + dataset.test;
  // Where the student is its own baseline the interval is nothing but 0, and folds would hardly say more.
  const isUnsure = gainInterval !== null && gainInterval.low < 0 && gainInterval.high > 0;
  if (folds || !isUnsure || samples >= FEW_SAMPLES) return [];
  return [{ kind: 'use-folds', samples, patch: { folds: USUAL_FOLDS } }];
}

/** The classes on which the student is surely worse than its teacher, the worst first. */
function aboutClasses({ comparison, dataset }: AdvisedReport): readonly Advice[] {
  const lost = (comparison?.classes ?? [])
    .flatMap((interval, index) =>
      interval && interval.high < 0 && -interval.value > WORTH.class
        ? [{ name: dataset.classes[index] ?? String(index), lost: -interval.value }]
        : [],
    )
    .toSorted((one, other) => other.lost - one.lost)
    .slice(0, MOST_CLASSES);
  return lost.length === 0 ? [] : [{ kind: 'classes-lost', classes: lost, patch: null }];
}

/** The change that gives a student about twice the units; null where it starts from a file, or is no network of layers. */
function largerStudent(student: Readonly<Record<string, unknown>>): ExperimentPatch | null {
  const larger: Record<string, unknown> = {};
  for (const field of ['hidden', 'channels', 'width', 'filters', 'embedding', 'leaves', 'shrink'] as const) {
    const value = student[field];
    if (Array.isArray(value) && value.length > 0) larger[field] = value.map((size) => 2 * Number(size));
    else if (typeof value === 'number') larger[field] = field === 'shrink' ? Math.min(0.95, 1.5 * value) : 2 * value;
  }
  const [first] = Object.entries(larger);
  return first ? { student: Object.fromEntries([first]) } : null;
}

/** The change that has a student drop units at random; null where it has none to drop, or does so. */
function withDropout(student: Readonly<Record<string, unknown>>): ExperimentPatch | null {
  return student['dropout'] === 0 ? { student: { dropout: 0.2 } } : null;
}
