import { isEstimator } from '../../../estimators/estimator.ts';
import { teacherToTrain } from '../../../experiment/networkToTrain.ts';
import type { TokenCounts } from '../../../data/unlabelled/synthesize/synthesizeTexts.ts';
import type { Quality } from '../../../report/quality.ts';
import type { Run } from '../../run.ts';
import { costOfStep } from '../../../preflight/trainingCost.ts';

/** What the transfer set of a run can be enlarged by. */
export type Enlarging = 'augmentation' | 'rows' | 'texts';

/** Points that right decisions on learned samples must be ahead of others, and by how many standard errors. */
const LEAST_LEAD = 0.03;
const STANDARD_ERRORS = 1;
/** How many times larger the loss on other samples must be, where nothing is decided. */
const LEAST_RATIO = 1.5;

/** Samples for each parameter, below which a long training learns by heart what a short one does not. */
const FEW_SAMPLES = { rows: 10, augmentation: 1 };

/** However long teachers take. */
const USUAL_VIEWS = 20;
/** With fewer, images are learned by heart again. */
const FEWEST_VIEWS = 4;
const MOST_VIEW_BYTES = 2 ** 28;

const ROWS_PER_ROW = 10;
const ROWS = { fewest: 2000, most: 50_000 };

/** Times that a word has to occur among the texts on average; where they do less, most of what words mean is not learned from so few texts. */
const FEW_OCCURRENCES = 10;
const MOST_TEXT_BYTES = 2 ** 28;
const MOST_TEXTS = 50_000;

/** Of what the student computes in a long training, what teachers may to label texts and views for it. A run trains it twice, its trials aside. */
const LABELLING = 1.5;
/** Of what a step of the student computes, what teachers may at every step. */
const MOST_ASKING = 10;
const PLANNED = { steps: 12_000, batchSize: 128 };

/**
 * By what the samples of a run may be enlarged: images by changes, tables by rows and texts by texts made from theirs. Undefined where the file says
 * what the student learns from, counts the epochs itself, or leaves nothing to be found out.
 */
export function enlargingOf({ experiment, written, prepared, shared }: Run): Enlarging | undefined {
  const { dataset, student, augmentation, rounds, engine, teacher } = experiment;
  const { task, samples, sampleShape, preparation } = prepared.dataset;
  const isOpen = dataset.enlarge === 'auto' && written.training.epochs === 'auto' && teacher !== null;
  const isNamed =
    augmentation !== undefined ||
    dataset.unlabelled !== undefined ||
    dataset.synthesize !== undefined ||
    dataset.exclude !== undefined;
  const isElsewhere = shared !== undefined || rounds !== undefined || engine !== 'onnxruntime';
  // Features of an extractor are computed once, and what is fitted at once is not shown the same samples again.
  const isOnce = 'extractor' in student || ('architecture' in student && isEstimator(student));
  if (!isOpen || isNamed || isElsewhere || isOnce) return undefined;
  if (task.kind === 'classification' && samples.kind === 'values' && sampleShape.length === 3) {
    // Teachers that have not learned an image say what it is as it is.
    return typeof teacherToTrain(experiment)?.crossFit === 'number' ? undefined : 'augmentation';
  }
  const isOfRows = task.kind === 'classification' || task.kind === 'multi-label' || task.kind === 'regression';
  if (isOfRows && preparation.kind === 'table') return 'rows';
  const isOfTexts = isOfRows || task.kind === 'token-classification';
  return isOfTexts && preparation.kind === 'text' && samples.kind === 'tokens' ? 'texts' : undefined;
}

/**
 * Whether a network does so much better on what it learned than on other samples that more samples would help.
 *
 * @param count of the others
 * @param leastLead by how much more often it is to be right, 0…1
 */
export function learnsByHeart(
  training: Quality,
  validation: Quality,
  count: number,
  leastLead: number = LEAST_LEAD,
): boolean {
  if (training.accuracy === null || validation.accuracy === null) {
    return validation.loss > LEAST_RATIO * training.loss;
  }
  const { accuracy } = validation;
  const standardError = Math.sqrt((accuracy * (1 - accuracy)) / Math.max(1, count));
  return training.accuracy - accuracy > Math.max(leastLead, STANDARD_ERRORS * standardError);
}

/** Whether a network has too many parameters for so few rows, or images, whatever a short training shows. */
export function hasFewSamples(enlarging: 'rows' | 'augmentation', samples: number, parameters: number): boolean {
  return samples < FEW_SAMPLES[enlarging] * parameters;
}

/** How often a word occurs on average, where that is too seldom for the texts alone to tell what words mean; otherwise undefined. */
export function fewOccurrences({ words, different }: Pick<TokenCounts, 'words' | 'different'>): number | undefined {
  const occurrences = words / Math.max(1, different);
  return occurrences < FEW_OCCURRENCES ? occurrences : undefined;
}

/**
 * Whether the teachers can be asked about every batch as it is, which mixtures of images ask for: a step of the student, with them, takes
 * no more than so many of its own.
 */
export function mayAskAlways(
  macs: { readonly student: number; readonly teachers: number },
  batchSize: number,
): boolean {
  return macs.teachers * batchSize <= MOST_ASKING * costOfStep({ macs: macs.student, batchSize });
}

/**
 * How many texts are made from so many: as many as the teachers label in time, for few are not as good as more; at least as many as rows.
 *
 * @param numbers that are held for each: its tokens, and what teachers say of it
 * @param labelled texts that are labelled in time
 */
export function textsFor(count: number, numbers: number, labelled: number): number {
  const room = Math.floor(MOST_TEXT_BYTES / (4 * numbers));
  return Math.max(1, Math.min(room, Math.max(rowsFor(count), Math.min(MOST_TEXTS, labelled))));
}

/** How many rows are made from so many. */
export function rowsFor(count: number): number {
  return Math.min(ROWS.most, Math.max(ROWS.fewest, ROWS_PER_ROW * count));
}

/**
 * How many views of every image the teachers are asked about, which come back from epoch to epoch: a large teacher takes longer than the
 * student's whole training otherwise. Undefined, which is others at every step, where what they say would fill the memory.
 *
 * @param bytes of what the teachers say of all images once
 * @param afforded views that are labelled in time
 */
export function viewsFor(bytes: number, epochs: number, afforded: number): number | undefined {
  const most = Math.max(USUAL_VIEWS, Math.floor(afforded));
  const views = Math.min(most, epochs, Math.floor(MOST_VIEW_BYTES / Math.max(1, bytes)));
  return views < FEWEST_VIEWS ? undefined : views;
}

/**
 * How many samples the teachers label while the student, and its baseline, learn.
 *
 * @param macs of the networks, for one sample
 */
export function afforded(macs: { readonly student: number; readonly teachers: number }): number {
  const training = PLANNED.steps * costOfStep({ macs: macs.student, batchSize: PLANNED.batchSize });
  return Math.floor((LABELLING * training) / Math.max(1, macs.teachers));
}
