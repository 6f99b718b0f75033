import assert from 'node:assert/strict';
import type { Split } from '../../../src/data/samples/split.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { layersToPrune } from '../../../src/students/shrink/layersToPrune.ts';
import { shrinkNetwork } from '../../../src/students/shrink/shrinkNetwork.ts';
import { openSessions } from '../../../src/training/engines/session.ts';
import { taylorImportance } from '../../../src/training/taylorImportance.ts';
import { storedModel } from '../../support/storedModel.ts';

/** Two samples with one number to be predicted each. */
const samples = [
  [1, 2],
  [0, 1],
];
const targets = [1, 0];

const split: Split = {
  count: 2,
  targets: { kind: 'values', values: Float32Array.from(targets), width: 1 },
  read: (indices, target) => {
    Array.from(indices).forEach((sample, row) => {
      target.set(samples[sample]!, row * 2);
    });
    return Promise.resolve();
  },
};

const trainingTask = {
  task: 'regression',
  samples: { kind: 'values' },
  sampleShape: [2],
  outputShape: [1],
  objective: [{ loss: 'mse', weight: 1 }],
} as const;

const network = () =>
  importNetwork(
    storedModel(17, {
      inputs: { x: ['n', 2] },
      initializers: {
        // Columns of norm 2, 2 and 9: by their norms the last channel is the most important.
        first: floatTensor([1, 2, -9, 1, 0, 0], [2, 3]),
        bias: floatTensor([0, 1, 0]),
        second: floatTensor([1, -2, 5], [3, 1]),
      },
      nodes: [
        ['MatMul', 'x first', 'product'],
        ['Add', 'product bias', 'hidden'],
        ['Relu', 'hidden', 'active'],
        ['MatMul', 'active second', 'y'],
      ],
      outputs: ['y'],
    }),
  );

describe('taylorImportance', () => {
  const { signal } = new AbortController();

  it('is |gradient of the loss · activation| of every channel, meaned over samples', async () => {
    const before = openSessions();
    const { graph } = network();
    const layers = layersToPrune(graph);
    // The layer with its bias, before the activation; the last one gives the output.
    assert.deepEqual(layers, [{ name: 'product', value: 'hidden', axis: 1 }]);
    const importance = await taylorImportance(graph, layers, { trainingTask, split, indices: [0, 1], signal });
    // First sample: hidden 3, 3, −9; y = 3 − 6 = −3; dL/dy = 2 (−3 − 1) = −8; |−8 · 1 · 3|, |−8 · −2 · 3|, and 0 behind the Relu.
    // Second sample: hidden 1, 1, 0; y = 1 − 2 = −1; dL/dy = −2; |−2 · 1 · 1|, |−2 · −2 · 1|, 0.
    assert.deepEqual([...importance.keys()], ['product']);
    assert.deepEqual(Array.from(importance.get('product')!), [(24 + 2) / 2, (48 + 4) / 2, 0]);
    assert.equal(openSessions(), before);
  });

  it('decides which channels a narrower network keeps', async () => {
    const teacher = network();
    const layers = layersToPrune(teacher.graph);
    const importance = await taylorImportance(teacher.graph, layers, { trainingTask, split, indices: [0, 1], signal });
    const kept = (chosen: typeof importance | undefined) =>
      shrinkNetwork(teacher, 0.34, chosen).graph.initializers.get('second');
    assert.deepEqual(kept(undefined), floatTensor([5], [1, 1]));
    assert.deepEqual(kept(importance), floatTensor([-2], [1, 1]));
  });

  it('sums over the positions of a map, behind its batch normalisation', async () => {
    const { graph } = importNetwork(
      storedModel(17, {
        inputs: { x: ['n', 1, 1, 2] },
        initializers: {
          kernel: floatTensor([1, 2], [2, 1, 1, 1]),
          scale: floatTensor([1, 3]),
          shift: floatTensor([0, 1]),
          mean: floatTensor([0, 0]),
          variance: floatTensor([1 - 1e-5, 1 - 1e-5]),
          last: floatTensor([1, 1, 1, -1], [4, 1]),
        },
        nodes: [
          ['Conv', 'x kernel', 'maps'],
          ['BatchNormalization', 'maps scale shift mean variance', 'normal'],
          ['Flatten', 'normal', 'flat'],
          ['MatMul', 'flat last', 'y'],
        ],
        outputs: ['y'],
      }),
    );
    const layers = layersToPrune(graph);
    assert.deepEqual(layers, [{ name: 'maps', value: 'normal', axis: 1 }]);
    const options = { trainingTask: { ...trainingTask, sampleShape: [1, 1, 2] }, split, indices: [0], signal };
    const importance = await taylorImportance(graph, layers, options);
    // Normal: 1, 2 and 7, 13; y = 1 + 2 + 7 − 13 = −3; dL/dy = −8; |−8 · (1 + 2)| and |−8 · (7 − 13)|.
    const figures = Array.from(importance.get('maps')!, (figure) => Math.round(figure * 1e3) / 1e3);
    assert.deepEqual(figures, [24, 48]);
  });

  it('stops when it is told to', async () => {
    const { graph } = network();
    const options = { trainingTask, split, indices: [0, 1], signal: AbortSignal.abort() };
    await assert.rejects(taylorImportance(graph, layersToPrune(graph), options), { code: 'CANCELLED' });
  });
});
