import { describeSoftTree } from '../../evaluation/softTree/describeSoftTree.ts';
import { measureSoftTree, type SoftTreeOutputs } from '../../evaluation/softTree/measureSoftTree.ts';
import { featureNames } from '../../data/featureNames.ts';
import { classesOf } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import { floatData } from '../../onnx/tensor.ts';
import { softTreeValues, softTreeWeights } from '../../students/softTree/softTree.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import type { Run } from '../run.ts';

/** Samples that go through the tree at once. */
const batchSize = 256;

/**
 * Where the student is a soft decision tree, writes `tree.json`: its nodes and leaves as the student's file has them, and what
 * ONNX Runtime sends through each of the test samples.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function softTreeStage({ experiment, prepared, folder, signal }: Run): Promise<void> {
  const { student } = experiment;
  if (!('architecture' in student) || student.architecture !== 'soft-tree') return;
  const { test, task, samples, sampleShape, preparation } = prepared.dataset;
  const classes = classesOf(task);
  const model = await loadNetwork(folder.file('student'), { sampleShape });
  const features = Object.values(softTreeValues);
  const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize, features });
  try {
    const traffic = await measureSoftTree({
      run: async (values) => outputsOf(await predictor.run(values), model.output),
      batchSize,
      split: test,
      sampleShape,
      classes: classes.length,
      leaves: 2 ** student.depth,
      signal,
    });
    const tree = describeSoftTree({
      predict: student.predict,
      classes,
      sampleShape,
      features: featureNames(preparation) ?? null,
      samples: test.count,
      filters: weightOf(model, softTreeWeights.filters),
      biases: weightOf(model, softTreeWeights.biases),
      traffic,
    });
    await writeAtomically(folder.file('tree'), `${JSON.stringify(tree)}\n`);
  } finally {
    await predictor.dispose();
  }
}

function outputsOf(values: ReadonlyMap<string, Float32Array>, output: string): SoftTreeOutputs {
  const named = (name: string): Float32Array => {
    const found = values.get(name);
    if (!found) throw new DistilleryError('INTERNAL', `The tree computed no '${name}'.`);
    return found;
  };
  return {
    logits: named(output),
    routing: named(softTreeValues.routing),
    leafLogProbabilities: named(softTreeValues.leafLogProbabilities),
    leafLogDistributions: named(softTreeValues.leafLogDistributions),
  };
}

function weightOf({ graph }: NetworkFile, name: string): Float32Array {
  const tensor = graph.initializers.get(name);
  if (!tensor) throw new DistilleryError('INTERNAL', `The tree has no weight '${name}'.`);
  return floatData(tensor);
}
