import { missingRule, nodesWithoutRule } from '../../autodiff/gradients.ts';
import { DistilleryError, type Problem } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { elementCount, type Dimension } from '../../onnx/tensor.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import { chooseOptimizer } from '../../training/optimizers/chooseOptimizer.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { networkInputs, takenShape, type NetworkInput } from '../../training/networkInputs.ts';
import { describeState } from '../../training/step/parameters.ts';
import { buildForwardPass, buildTrainingStep } from '../../training/step/trainingStep.ts';

/**
 * What keeps a network from another's hand from being trained on a dataset: its inputs, its output, a node without a
 * gradient rule, a batch size that it insists on. Builds a whole training step, so that nothing can go wrong later.
 *
 * @param where field of the experiment that named the network
 */
export function checkTrainable(
  network: InitialNetwork,
  trainingTask: TrainingTask,
  batchSize: number,
  where: string,
): Problem[] {
  const { graph, trainable } = network;
  const shapes = [...checkInput(graph, trainingTask), ...checkOutput(graph, trainingTask.outputShape)];
  const values = [...(trainable ?? [])].map((name) => graph.value(name));
  const rules = nodesWithoutRule(graph, graph.outputs, values).map((node) => {
    const { message, hint } = missingRule(node);
    return { message, ...(hint !== undefined && { hint }) };
  });
  const found = [...shapes, ...rules];
  return (found.length > 0 ? found : checkStep(network, trainingTask, batchSize)).map((problem) => ({
    where,
    ...problem,
  }));
}

type Finding = Omit<Problem, 'where'>;

function checkInput(graph: Graph, { samples, sampleShape }: TrainingTask): Finding[] {
  let inputs: readonly NetworkInput[];
  try {
    inputs = networkInputs(graph.inputs, samples);
  } catch (error) {
    const hint = error instanceof DistilleryError ? error.hint : undefined;
    return [{ message: sentenceOf(error), ...(hint !== undefined && { hint }) }];
  }
  const wanted = `[${sampleShape.join(', ')}]`;
  const shape = takenShape(inputs);
  const flattened = shape.length === 1 && fits(shape[0], elementCount(sampleShape));
  const alike = shape.length === sampleShape.length && shape.every((size, axis) => fits(size, sampleShape[axis]));
  if (flattened || alike) return [];
  return [
    {
      message: `The model takes samples of shape [${shape.join(', ')}], but those of the dataset have shape ${wanted}.`,
      hint: 'Choose a model for samples of this shape.',
    },
  ];
}

function checkOutput(graph: Graph, outputShape: readonly number[]): Finding[] {
  const [output] = graph.outputs;
  const found = output?.shape.slice(1);
  if (found?.length === outputShape.length && found.every((size, axis) => fits(size, outputShape[axis]))) return [];
  return [
    {
      message:
        `The model's output '${output?.name ?? ''}' has shape [${output?.shape.join(', ') ?? ''}], ` +
        `but [batch, ${outputShape.join(', ')}] is needed for this dataset.`,
      hint: 'Name another output with `output`, or put a new head on it (`extractor` in place of `model`).',
    },
  ];
}

/** A symbolic dimension takes any size. */
function fits(dimension: Dimension | undefined, size: number | undefined): boolean {
  return typeof dimension === 'string' || dimension === size;
}

function checkStep({ graph, trainable }: InitialNetwork, trainingTask: TrainingTask, batchSize: number): Finding[] {
  const state = describeState(graph, trainable);
  const hint = `It must take batches of ${batchSize}: export it with a batch dimension that is free.`;
  try {
    const [logits] = buildForwardPass(graph, state, batchSize, trainingTask).outputs;
    if (logits?.shape.join() !== [batchSize, ...trainingTask.outputShape].join()) {
      return [
        { message: `For a batch of ${batchSize} its output has shape [${logits?.shape.join(', ') ?? ''}].`, hint },
      ];
    }
  } catch (error) {
    return [{ message: `It does not take a batch of ${batchSize}: ${sentenceOf(error)}`, hint }];
  }
  try {
    buildTrainingStep({
      ...trainingTask,
      student: graph,
      state,
      optimizer: chooseOptimizer({ optimizer: 'sgd', momentum: 0 }),
      batchSize,
    });
    return [];
  } catch (error) {
    return [{ message: sentenceOf(error) }];
  }
}

/** What is wrong with the model. Errors that are our own fault are thrown again. */
function sentenceOf(error: unknown): string {
  if (error instanceof DistilleryError && error.code !== 'INTERNAL') return error.message;
  throw error;
}
