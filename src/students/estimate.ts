import type { Graph } from '../onnx/graph.ts';
import { countMacs, countParameters } from '../onnx/cost.ts';
import { buildStudent, type Architecture } from './buildStudent.ts';
import { nothingDrawn } from './initialize.ts';
import type { NetworkForm } from './networkForm.ts';

/** What a network will cost, known before it is trained. */
export interface Estimate {
  readonly parameters: number;
  /** Multiply-accumulate operations of one sample. */
  readonly macs: number;
}

/** Parameters and multiply-accumulate operations of one sample of a graph with a symbolic batch, or a batch of 1. */
export function estimateNetwork(graph: Graph): Estimate {
  return { parameters: countParameters(graph), macs: countMacs(graph) };
}

/**
 * Parameters and multiply-accumulate operations of a network that Distillery builds, as the report will state them.
 * @throws DistilleryError `BAD_INPUT` when the architecture does not suit the samples
 */
export function estimateStudent(architecture: Architecture, form: NetworkForm): Estimate {
  return estimateNetwork(buildStudent(architecture, form, nothingDrawn));
}
