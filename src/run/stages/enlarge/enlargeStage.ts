import { batchesPerEpoch } from '../../../data/batches.ts';
import { synthesize } from '../../../data/unlabelled/synthesize/synthesize.ts';
import { countTokens } from '../../../data/unlabelled/synthesize/synthesizeTexts.ts';
import { tokenizerOf } from '../../../data/unlabelled/unlabelledTables.ts';
import { transferSet } from '../../../data/unlabelled/transferSet.ts';
import { augmentationSchema } from '../../../experiment/schema/augmentation.ts';
import { synthesizeSchema } from '../../../experiment/schema/dataset.ts';
import { settleExperiment } from '../../../experiment/settleExperiment.ts';
import { countMacs } from '../../../onnx/cost/cost.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { Enlargement } from '../../../report/enlargement.ts';
import { describeEnlargement } from '../../../report/sections/teachingSections.ts';
import { inEnglish } from '../../../report/wording/reportText.ts';
import type { ShortTraining } from '../../../report/rateChoice.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { plannedSteps } from '../../../training/stopConditions.ts';
import { estimateNetwork } from '../../../students/estimate.ts';
import { wholeGraph } from '../../../students/initialNetwork.ts';
import type { Run } from '../../run.ts';
import { limitOfTrials } from '../trials/trialLimit.ts';
import { shortSteps, shortTraining } from '../rate/shortTraining.ts';
import {
  afforded,
  enlargingOf,
  fewOccurrences,
  hasFewSamples,
  learnsByHeart,
  mayAskAlways,
  rowsFor,
  textsFor,
  viewsFor,
  type Enlarging,
} from './planEnlargement.ts';
import { buildInitialStudent } from '../studentStage.ts';
import { seenAugmentations, toldAugmentation } from './seenAugmentations.ts';

/**
 * Enlarges the transfer set where the experiment leaves it open and the student would learn the samples by heart, as a short training
 * on their labels shows: images are changed in ways that the teachers see through, and rows of a table or texts are made from those that there
 * are, for the teachers to label. A run that goes on does what it had decided.
 */
export async function enlargeStage(
  run: Run,
  device: DeviceName,
  teachers: Teachers | undefined,
  learned: ShortTraining | undefined,
): Promise<Run> {
  const enlarging = enlargingOf(run);
  // What was not said cannot be asked for.
  if (!enlarging || !teachers || teachers.said) return run;
  const before = run.journal.enlargement;
  const enlargement = before ?? (await decide(run, device, teachers, { enlarging, learned }));
  if (!enlargement) return run;
  if (!before) await run.journal.noteEnlargement(enlargement);
  const message = describeEnlargement(enlargement).map(inEnglish).join(' ');
  run.onEvent({ kind: 'phase', phase: 'first-steps', message });
  return enlarged(run, enlargement);
}

async function decide(
  run: Run,
  device: DeviceName,
  teachers: Teachers,
  { enlarging, learned: known }: { readonly enlarging: Enlarging; readonly learned: ShortTraining | undefined },
): Promise<Enlargement | undefined> {
  const { experiment, prepared, signal } = run;
  const { dataset } = prepared;
  const { count } = dataset.training;
  const planned = plannedSteps(experiment.training, batchesPerEpoch(count, experiment.training.batchSize));
  const steps = shortSteps(planned);
  if (steps === undefined) return undefined;
  if (!known) {
    run.onEvent({
      kind: 'phase',
      phase: 'first-steps',
      message: `Trains for ${steps} steps on the labels, to see whether the student learns the samples by heart`,
    });
  }
  const learned = known ?? (await shortTraining(run, device, teachers, steps, limitOfTrials(run)));
  if (!learned) {
    const message = `No trial of ${steps} steps came to its end, so the samples stay as they are`;
    run.onEvent({ kind: 'phase', phase: 'first-steps', message });
    return undefined;
  }
  const found = { steps, ...learned, augmentation: null, rows: null, tried: [], unchangedAccuracy: null };
  const knowsThem = learnsByHeart(learned.training, learned.validation, learned.count);
  const { parameters, macs } = estimateNetwork(wholeGraph(buildInitialStudent(run, teachers)));
  const cost = { student: macs, teachers: macsOf(teachers) };
  const labelled = afforded(cost);
  if (enlarging === 'rows') {
    if (knowsThem) return { ...found, outcome: 'rows', rows: rowsFor(count) };
    return hasFewSamples('rows', count, parameters)
      ? { ...found, outcome: 'rows', rows: rowsFor(count), parameters }
      : { ...found, outcome: 'fits' };
  }
  if (enlarging === 'texts') {
    const [length = 1] = dataset.sampleShape;
    const occurrences = await occurrencesIfFew(run);
    return knowsThem || occurrences !== undefined
      ? {
          ...found,
          outcome: 'texts',
          rows: textsFor(count, length + elementCount(prepared.outputShape), labelled),
          occurrences,
        }
      : { ...found, outcome: 'fits' };
  }
  const hasFew = hasFewSamples('augmentation', count, parameters);
  if (!knowsThem && !hasFew) return { ...found, outcome: 'fits' };
  const { augmentation, tried, unchangedAccuracy } = await seenAugmentations(teachers, {
    experiment,
    dataset,
    mixes: mayAskAlways(cost, experiment.training.batchSize),
    signal,
  });
  return {
    ...found,
    ...(!knowsThem && { parameters }),
    outcome: augmentation ? 'augmentation' : 'blind',
    augmentation: augmentation ? toldAugmentation(augmentation) : null,
    views: Math.floor(labelled / count),
    tried: [...tried],
    unchangedAccuracy,
  };
}

/** Multiply-accumulates of all teachers together for one sample. */
function macsOf({ members }: Teachers): number {
  return members.reduce((sum, { model }) => sum + countMacs(model.graph), 0);
}

/** How often a word occurs among the texts, where that is seldom. */
async function occurrencesIfFew({ experiment, prepared, baseDirectory, signal }: Run): Promise<number | undefined> {
  const { dataset } = prepared;
  const { preparation } = dataset;
  if (preparation.kind !== 'text') return undefined;
  const tokenizer = await tokenizerOf(preparation, experiment.dataset.tokenizer, baseDirectory);
  return fewOccurrences(await countTokens(dataset, tokenizer, signal));
}

/** The run with its transfer set as it was decided. */
export async function enlarged(run: Run, { augmentation, rows, views = 0 }: Enlargement): Promise<Run> {
  const { prepared, written, signal } = run;
  const { learningRate, seed } = run.experiment.training;
  const { dataset: ofRun } = run.experiment;
  const open = { ...written, dataset: ofRun, training: { ...written.training, learningRate } };
  if (augmentation) {
    const settled = settleExperiment(open, prepared.dataset, { isEnlarged: true });
    const bytes = prepared.dataset.training.count * elementCount(prepared.outputShape) * 4;
    const experiment = {
      ...settled,
      augmentation: augmentationSchema.parse(augmentation),
      // What is made of two images comes back never.
      cache: {
        ...settled.cache,
        views: 'mixup' in augmentation ? undefined : viewsFor(bytes, settled.training.epochs, views),
      },
    };
    return { ...run, experiment, prepared: { ...prepared, experiment } };
  }
  if (rows === null) return run;
  const { tokenizer } = run.experiment.dataset;
  const context = { seed, signal, baseDirectory: run.baseDirectory, tokenizer };
  const made = await synthesize(prepared.dataset, synthesizeSchema.parse({ rows }), context);
  if (!made) return run;
  const dataset = { ...prepared.dataset, unlabelled: made.split };
  const experiment = settleExperiment(open, transferSet(dataset), { isEnlarged: true });
  return { ...run, experiment, prepared: { ...prepared, experiment, dataset } };
}
