import { isEstimator } from '../../../estimators/estimator.ts';
import type { RateChoice } from '../../../report/rateChoice.ts';
import type { Run } from '../../run.ts';

/** Times the usual rate. Rows of numbers bear more than images and texts, whose networks are deeper. */
const FACTORS = { rows: [1, 3, 10], others: [1, 3] } as const;
/** A higher rate has to lower the loss by this share: where it hardly matters, the lower one is safer over a long training. */
const LEAST_GAIN = 0.02;

/** The rates that are tried where the experiment leaves the rate open; undefined where there is nothing to be found out. */
export function ratesFor({ experiment, written, prepared, shared }: Run): readonly number[] | undefined {
  const { student, rounds, engine, training } = experiment;
  const { task, sampleShape, samples } = prepared.dataset;
  const isOpen = written.training.learningRate === 'auto' && written.training.epochs === 'auto';
  // Trained weights are only adjusted, which a short training does not show; what is fitted at once has no rate.
  const isNew = 'architecture' in student && !isEstimator(student);
  const isElsewhere = shared !== undefined || rounds !== undefined || engine !== 'onnxruntime';
  if (!isOpen || !isNew || isElsewhere || task.kind === 'matching') return undefined;
  const factors = samples.kind === 'values' && sampleShape.length === 1 ? FACTORS.rows : FACTORS.others;
  // 3 times 0.05 is 0.15, and not what doubles make of it: a person reads it, and may write it into the file.
  return factors.map((factor) => Number((training.learningRate * factor).toPrecision(12)));
}

/** The rate of the trials whose validation loss is lowest, as far as that is worth a higher one. @param trials the lowest rate first */
export function chooseRate(trials: RateChoice['trials']): number | undefined {
  let best: { readonly learningRate: number; readonly loss: number } | undefined;
  for (const { learningRate, outcome } of trials) {
    const loss = outcome?.validation.loss ?? Infinity;
    if (!best || loss < best.loss * (1 - LEAST_GAIN)) best = { learningRate, loss };
  }
  return best?.learningRate;
}
