import { readSamples } from '../../data/samples/readSamples.ts';
import { truthOf } from '../../data/truth.ts';
import { readTree } from '../../estimators/readTrees.ts';
import { describeDecisionTree } from '../../evaluation/decisionTree/describeDecisionTree.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { loadNetwork } from '../../training/engines/networkFile.ts';
import type { Run } from '../run.ts';

/** Where the student is a decision tree, writes `tree.json`: its rules as the student's file has them, and what the test samples do in it. */
export async function decisionTreeStage({ experiment, prepared: { dataset }, folder }: Run): Promise<void> {
  const { student } = experiment;
  if (!('architecture' in student) || student.architecture !== 'decision-tree') return;
  const { test, sampleShape } = dataset;
  const { graph } = await loadNetwork(folder.file('student'), { sampleShape });
  const rows = { count: test.count, features: elementCount(sampleShape), values: await readSamples(test, sampleShape) };
  const truth = await truthOf(test, sampleShape);
  const tree = describeDecisionTree({ tree: readTree(graph), dataset, rows, truth });
  await writeAtomically(folder.file('tree'), `${JSON.stringify(tree)}\n`);
}
