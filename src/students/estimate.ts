import type { Graph } from '../onnx/graph.ts';
import { countMacs, countParameters } from '../onnx/cost/cost.ts';
import { workingMemory } from './workingMemory.ts';
import { buildStudent, type Architecture } from './buildStudent.ts';
import { nothingDrawn } from './initialize.ts';
import type { NetworkForm } from './networkForm.ts';

/** What a network will cost, known before it is trained. */
export interface Estimate {
  readonly parameters: number;
  /** Multiply-accumulate operations of one sample. */
  readonly macs: number;
  /** Bytes that are held at once for one sample; see `workingMemory`. */
  readonly memory: number;
}

/** What one sample costs in a graph with a symbolic batch, or a batch of 1. */
export function estimateNetwork(graph: Graph): Estimate {
  return { parameters: countParameters(graph), macs: countMacs(graph), memory: workingMemory(graph) };
}

/**
 * What a network costs that Distillery builds; parameters and multiply-accumulate operations as the report will state them.
 * @throws DistilleryError `BAD_INPUT` when the architecture does not suit the samples
 */
export function estimateStudent(architecture: Architecture, form: NetworkForm): Estimate {
  return estimateNetwork(buildStudent(architecture, form, nothingDrawn));
}
