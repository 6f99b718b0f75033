import type { Dataset } from '../../data/dataset.ts';
import { DistilleryError, type Problem } from '../../errors.ts';
import type { InitialNetwork } from '../../students/initialNetwork.ts';
import { ForwardPass } from '../../training/engines/tensorflow/forwardPass.ts';
import { loadTensorflow } from '../../training/engines/tensorflow/loadTensorflow.ts';
import { missingLosses } from '../../training/engines/tensorflow/losses.ts';
import { precisionOf } from '../../experiment/precisionOf.ts';
import type { Experiment, SettledExperiment } from '../../experiment/schema.ts';

/** What keeps the chosen engine from working here or from training with this objective. */
export function checkEngine(
  { engine, device, teacher, student, training, objective = 'auto' }: Experiment,
  load = loadTensorflow,
): Problem[] {
  if (engine !== 'tensorflow') return [];
  const problems: Problem[] = [];
  try {
    load();
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    problems.push({ where: 'engine', message: error.message, ...(error.hint !== undefined && { hint: error.hint }) });
  }
  if (device !== 'auto' && device !== 'cpu') {
    problems.push({
      where: 'device',
      message: `The engine 'tensorflow' trains on the CPU, not on '${device}'.`,
      hint: "Choose the device 'cpu', or the engine 'onnxruntime'.",
    });
  }
  if ('architecture' in student && student.architecture === 'soft-tree') {
    problems.push({
      where: 'engine',
      message: "The engine 'tensorflow' does not have the loss of a soft decision tree.",
      hint: "Choose the engine 'onnxruntime'.",
    });
  }
  if (training.recomputeSegments !== undefined) {
    problems.push({
      where: 'training.recomputeSegments',
      message: "The engine 'tensorflow' keeps everything for the gradients.",
      hint: "Leave this out, or choose the engine 'onnxruntime'.",
    });
  }
  if (precisionOf({ teacher, training }) !== 'float32') {
    problems.push({
      where: 'training.precision',
      message: "The engine 'tensorflow' trains in float32 only.",
      hint: "Choose 'float32', or the engine 'onnxruntime'.",
    });
  }
  const losses = objective === 'auto' ? [] : missingLosses(objective);
  if (losses.length > 0) {
    problems.push({
      where: 'engine',
      message: `The engine 'tensorflow' does not have the loss ${quoted(losses)}.`,
      hint: "Choose the engine 'onnxruntime'.",
    });
  }
  return problems;
}

/** What keeps the chosen engine from computing a network. */
export function checkEngineOperators(
  { engine, training }: Pick<SettledExperiment, 'engine' | 'training'>,
  { graph }: InitialNetwork,
  dataset: Pick<Dataset, 'samples' | 'sampleShape'>,
): Problem[] {
  if (engine !== 'tensorflow') return [];
  const { missingOperators } = new ForwardPass(graph, training.batchSize, dataset);
  if (missingOperators.length === 0) return [];
  return [
    {
      where: 'engine',
      message: `The engine 'tensorflow' does not have the operator ${quoted(missingOperators)} of the network.`,
      hint: "Choose the engine 'onnxruntime'.",
    },
  ];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
