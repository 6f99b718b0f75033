import { batchesPerEpoch } from '../../../data/batches.ts';
import type { SettledExperiment } from '../../../experiment/schema.ts';
import type { Graph } from '../../../onnx/graph.ts';
import { estimateNetwork } from '../../../students/estimate.ts';
import { plannedSteps } from '../../../training/stopConditions.ts';
import type { PlannedTraining } from './planTrials.ts';

/** A training with these options of so many samples. */
export function planTraining(options: SettledExperiment['training'], count: number, graph: Graph): PlannedTraining {
  return {
    steps: plannedSteps(options, batchesPerEpoch(count, options.batchSize)),
    mayEndEarly: options.automatic !== undefined,
    macs: estimateNetwork(graph).macs,
    batchSize: options.batchSize,
  };
}
