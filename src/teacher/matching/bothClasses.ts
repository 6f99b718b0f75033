import type { Task } from '../../data/task.ts';
import { isOneNumber, lastComputation } from '../../onnx/oneNumber.ts';
import type { NetworkFile } from '../../training/engines/networkFile.ts';
import { adaptNetwork } from './adaptNetwork.ts';
import { changeOutputs, type OutputFit } from './fitOutputs.ts';

/**
 * What the output of a network needs that gives one number for two classes: that of the second, by a Sigmoid at its end a
 * probability, or else a logit. Undefined for any other network.
 */
export function secondClassFit({ graph, output }: NetworkFile, task: Task): OutputFit | undefined {
  const value = graph.value(output);
  if (task.kind !== 'classification' || task.classes.length !== 2 || !isOneNumber(value)) return undefined;
  const last = lastComputation(graph, value);
  const isProbability = last?.domain === '' && last.operator === 'Sigmoid';
  return { kind: 'second-class', from: isProbability ? 'probability' : 'logit' };
}

/** What a network says of samples, as the task has it: two logits where it gives one number for two classes. */
export function bothClassesOf(network: NetworkFile, task: Task, outputs: Float32Array): Float32Array {
  return changeOutputs(outputs, 1, secondClassFit(network, task));
}

/** The network, giving two logits where its file gives one number for two classes. @param sampleShape of the dataset */
export function withBothClasses(network: NetworkFile, task: Task, sampleShape: readonly number[]): NetworkFile {
  const outputs = secondClassFit(network, task);
  return outputs ? adaptNetwork(network, { outputs }, sampleShape) : network;
}
