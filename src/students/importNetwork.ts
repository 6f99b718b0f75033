import { DistilleryError } from '../errors.ts';
import { intOf } from '../onnx/attributes.ts';
import type { Graph } from '../onnx/graph.ts';
import { importGraph } from '../onnx/import.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { trainableWeights } from './trainableWeights.ts';

/** A classifier that was read from a file, as it is trained. */
export interface ImportedNetwork {
  /** One input, a symbolic batch where the file has one, and one output, the logits. */
  readonly graph: Graph;
  /** Names of the weights that may be trained; see `trainableWeights`. */
  readonly weights: readonly string[];
}

/**
 * Reads a classifier for training. A softmax over the classes at its end is left out of the graph, because losses are
 * computed from logits; so are outputs beside the one that is trained.
 *
 * @param name of the output; by default the first
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` when it cannot be read, or has no float32 weights
 */
export function importNetwork(model: ModelProto, name?: string): ImportedNetwork {
  const imported = importGraph(model);
  const output = name === undefined ? imported.outputs[0] : imported.outputs.find((each) => each.name === name);
  if (!output || !model.graph) {
    throw new DistilleryError('BAD_FILE', `The model has no output${name === undefined ? '' : ` '${name}'`}.`);
  }
  const last = imported.producer(output);
  const overClasses = last?.operator === 'Softmax' && [1, -1].includes(intOf(last, 'axis', -1));
  const logits = (overClasses ? last.inputs[0] : undefined) ?? output;
  imported.outputs.splice(0, imported.outputs.length, logits);
  const graph = pruneGraph(imported);
  const weights = trainableWeights(graph, model.graph);
  if (weights.length === 0) {
    throw new DistilleryError('UNSUPPORTED', 'The model has no float32 weights that could be trained.', {
      hint: 'Models of half precision or with quantised weights cannot be trained; use the float32 model.',
    });
  }
  return { graph, weights };
}
