import assert from 'node:assert/strict';
import { checkTrainable } from '../../../../src/preflight/checks/checkTrainable.ts';
import { floatTensor, intTensor } from '../../../../src/onnx/tensor.ts';
import type { TrainingTask } from '../../../../src/training/trainingTask.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { storedModel, type StoredGraphOptions } from '../../../support/storedModel.ts';

const trainingTask: TrainingTask = {
  task: 'classification',
  samples: { kind: 'values' },
  sampleShape: [1, 2, 2],
  outputShape: [2],
  objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
};
const weight = floatTensor([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);

function problemsOf(model: StoredGraphOptions): string[] {
  const { graph, weights } = importNetwork(storedModel(17, model));
  const problems = checkTrainable({ graph, trainable: new Set(weights) }, trainingTask, 8, 'student.model');
  return problems.map(({ where, message }) => `${where}: ${message}`);
}

describe('a network from another hand', () => {
  it('is accepted with flat vectors or with the shape of the samples, and any name of the batch', () => {
    const initializers = { weight };
    const nodes = [['MatMul', 'x weight', 'y'] as const];
    assert.deepEqual(problemsOf({ inputs: { x: ['unk__0', 4] }, initializers, nodes, outputs: ['y'] }), []);
    const flattened = [['Flatten', 'x', 'flat'] as const, ['MatMul', 'flat weight', 'y'] as const];
    assert.deepEqual(
      problemsOf({ inputs: { x: [null, 1, 2, 2] }, initializers, nodes: flattened, outputs: ['y'] }),
      [],
    );
  });

  it('is refused when its samples or classes are others', () => {
    const nodes = [['MatMul', 'x weight', 'y'] as const];
    const initializers = { weight: floatTensor(new Float32Array(15), [5, 3]) };
    assert.deepEqual(problemsOf({ inputs: { x: ['n', 5] }, initializers, nodes, outputs: ['y'] }), [
      'student.model: The model takes samples of shape [5], but those of the dataset have shape [1, 2, 2].',
      "student.model: The model's output 'y' has shape [n, 3], but [batch, 2] is needed for this dataset.",
    ]);
  });

  it('is refused by node and operator where a gradient rule is missing', () => {
    const nodes = [
      ['MatMul', 'x weight', 'product'],
      ['Bernoulli', 'product', 'angle'],
      ['Add', 'product angle', 'y'],
    ] as const;
    assert.deepEqual(problemsOf({ inputs: { x: ['n', 4] }, initializers: { weight }, nodes, outputs: ['y'] }), [
      "student.model: Node 'node1' cannot be trained: operator Bernoulli has no gradient rule.",
    ]);
  });

  it('is refused when it insists on another batch', () => {
    const nodes = [
      ['Reshape', 'x shape', 'flat'],
      ['MatMul', 'flat weight', 'y'],
    ] as const;
    const initializers = { weight, shape: intTensor([1, 4]) };
    const [problem = ''] = problemsOf({ inputs: { x: [1, 1, 2, 2] }, initializers, nodes, outputs: ['y'] });
    assert.match(problem, /^student\.model: It does not take a batch of 8: .*Reshape/);
    const free = { weight, shape: intTensor([-1, 4]) };
    assert.deepEqual(problemsOf({ inputs: { x: [1, 1, 2, 2] }, initializers: free, nodes, outputs: ['y'] }), []);
  });
});
