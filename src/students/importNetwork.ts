import { DistilleryError } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';
import { importAnyBatch } from '../onnx/importing/importAnyBatch.ts';
import type { ModelProto } from '../onnx/onnx_pb.ts';
import { castSamples, isCastAtOnce, takeSamples, wholeInputOf, type WholeInput } from '../onnx/ownNumbers.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { logitsOf, type ClassifierEnding } from './imported/classifierEnding.ts';
import type { OutputForm } from './networkForm.ts';
import { refuseQuantized } from './imported/refuseQuantized.ts';
import { trainableWeights } from './trainableWeights.ts';

/** A network that was read from a file, as it is trained. */
export interface ImportedNetwork {
  /** One input, a symbolic batch where the file has one, and one output: of a classifier, the logits. */
  readonly graph: Graph;
  /** Names of the weights that may be trained; see `trainableWeights`. */
  readonly weights: readonly string[];
  /** What the file makes of the logits at its end. */
  readonly ending?: ClassifierEnding;
  /** What the file takes in place of samples, where its input is of whole numbers and it says which. */
  readonly wholeInput?: WholeInput;
  /** Whether samples are rounded to whole numbers while it is trained, because more is computed of these than a Cast to floats. */
  readonly isRounded?: boolean;
  /** What is assumed of the network, to be told. */
  readonly notes: readonly string[];
}

export interface ImportNetworkOptions {
  /** Name of the output that is trained; by default the first. */
  readonly output?: string | undefined;
  /** What the network is to give; by default one distribution over classes. */
  readonly form?: OutputForm;
  /** Numbers for dimensions that the file leaves open, beside the batch. */
  readonly bind?: Readonly<Record<string, number>>;
}

/**
 * Reads a network for training. A softmax over the classes at its end, or sigmoids where a sample may have several labels, are
 * left out of the graph, because losses are computed from logits; so are outputs beside the one that is trained. Where the model says what
 * whole numbers its input takes, samples go past the Cast behind it, or are rounded where something else is computed of them.
 *
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` when it cannot be read, is quantised, or has no float32 weights
 */
export function importNetwork(model: ModelProto, options: ImportNetworkOptions = {}): ImportedNetwork {
  const { output: name, form, bind } = options;
  const stored = importAnyBatch(model, bind && { bind });
  const whole = wholeInputOf(model);
  const isPassed = whole !== undefined && isCastAtOnce(stored, whole);
  const imported = whole ? (isPassed ? takeSamples : castSamples)(stored, whole) : stored;
  const output = name === undefined ? imported.outputs[0] : imported.outputs.find((each) => each.name === name);
  if (!output || !model.graph) {
    throw new DistilleryError('BAD_FILE', `The model has no output${name === undefined ? '' : ` '${name}'`}.`);
  }
  const { value, ending, note } = logitsOf(imported, output, form);
  imported.outputs.splice(0, imported.outputs.length, value);
  const graph = pruneGraph(imported);
  refuseQuantized(graph);
  const weights = trainableWeights(graph, model.graph);
  if (weights.length === 0) {
    throw new DistilleryError('UNSUPPORTED', 'The model has no float32 weights that could be trained.', {
      hint: 'Export it with weights of float32, float16, bfloat16 or float64 that are not frozen into other constants, or choose an architecture for the student.',
    });
  }
  return {
    graph,
    weights,
    ...(ending && { ending }),
    ...(whole && { wholeInput: whole, isRounded: !isPassed }),
    notes: note === undefined ? [] : [note],
  };
}
