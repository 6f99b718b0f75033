import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { int } from '../../../../src/onnx/graph.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { normal } from '../../../../src/students/initialize.ts';
import { trainBriefly } from '../../../support/briefTraining.ts';
import { storedModel } from '../../../support/storedModel.ts';

describe('the names of weights', () => {
  it('may be those that the training step gives its own values', async () => {
    const random = randomStream(0, 'weights');
    const { graph, weights } = importNetwork(
      storedModel(17, {
        inputs: { x: ['n', 4] },
        initializers: {
          ...{ constant_0: normal(random, [4, 4], 0.5), constant_1: normal(random, [4, 4], 0.5) },
          ...{ samples: normal(random, [4, 4], 0.5), labels: normal(random, [3, 4], 0.5) },
        },
        nodes: [
          ['MatMul', 'x constant_0', 'a'],
          ['MatMul', 'a constant_1', 'b'],
          ['MatMul', 'b samples', 'c'],
          ['Gemm', 'c labels', 'y', { transB: int(1) }],
        ],
        outputs: ['y'],
      }),
    );
    assert.deepEqual(weights, ['constant_0', 'constant_1', 'samples', 'labels']);
    await trainBriefly({
      network: { graph, trainable: new Set(weights) },
      sampleShape: [4],
      classes: 3,
      epochs: 10,
      learningRate: 0.03,
    });
  });
});
