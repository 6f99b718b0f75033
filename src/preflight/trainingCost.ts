import { batchesPerEpoch } from '../data/batches.ts';
import type { SettledExperiment } from '../experiment/schema.ts';
import type { Graph } from '../onnx/graph.ts';
import { estimateNetwork } from '../students/estimate.ts';
import { plannedSteps } from '../training/stopConditions.ts';

/** A training of the run, as it is planned. */
export interface PlannedTraining {
  readonly steps: number;
  readonly mayEndEarly: boolean;
  /** Of the network, for one sample. */
  readonly macs: number;
  readonly batchSize: number;
}

/** Trainings that end early do so after about so much of their steps, small ones sooner. */
const EARLY_END = 0.4;
/** What a step takes beside its arithmetic, in multiply-accumulates that are done meanwhile. */
const MACS_PER_STEP = 2e6;
/** The same for opening a training, of which trials are many: small students take hundreds of steps meanwhile. */
export const MACS_PER_TRIAL = 6e8;
/** Forward, and two products of the same size backward. */
export const PASSES = 3;

/** The training of a network on a number of samples. */
export function plannedTraining(options: SettledExperiment['training'], count: number, graph: Graph): PlannedTraining {
  return {
    steps: plannedSteps(options, batchesPerEpoch(count, options.batchSize)),
    mayEndEarly: options.automatic !== undefined,
    macs: estimateNetwork(graph).macs,
    batchSize: options.batchSize,
  };
}

/** Steps after which a training is likely to end. */
export function expectedSteps({ steps, mayEndEarly }: PlannedTraining): number {
  return steps * (mayEndEarly ? EARLY_END : 1);
}

/** What a step takes, in multiply-accumulates. */
export function costOfStep({ macs, batchSize }: Pick<PlannedTraining, 'macs' | 'batchSize'>): number {
  return MACS_PER_STEP + PASSES * macs * batchSize;
}
