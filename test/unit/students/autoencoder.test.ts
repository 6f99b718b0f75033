import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { int } from '../../../src/onnx/graph.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { estimateStudent } from '../../../src/students/estimate.ts';
import type { NetworkForm } from '../../../src/students/networkForm.ts';
import { arrayOf, type NumberArray } from '../../support/reference/array.ts';
import {
  checkForward,
  checkGradients,
  learn,
  normalArray,
  weightedSum,
  type LossBuilder,
} from '../../support/studentChecks.ts';

const architecture = { architecture: 'autoencoder', channels: [4, 6], hidden: [8, 5], bottleneck: 3 } as const;

function same(shape: readonly number[]): NetworkForm {
  return { samples: { kind: 'values', shape }, output: { kind: 'values', shape } };
}

function build(form: NetworkForm) {
  return buildStudent(architecture, form, randomStream(1, 'weights'));
}

/** Mean squared difference of the output and the samples. */
function reconstruction({ shape, data }: NumberArray): LossBuilder {
  return (graph, value) => {
    const samples = graph.constant(floatTensor(Float32Array.from(data), shape));
    const difference = graph.op('Sub', [value('output'), samples]);
    return graph.op('ReduceMean', [graph.op('Mul', [difference, difference])], { keepdims: int(0) });
  };
}

/** Points of a plane through the space of `size` numbers: two numbers are enough to tell them apart. */
function planePoints(count: number, shape: readonly number[]): NumberArray {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const random = randomStream(0, 'points');
  const data = Array.from({ length: count }, () => [random.uniform(-1, 1), random.uniform(-1, 1)]).flatMap(([a, b]) =>
    Array.from({ length: size }, (_, position) => Math.fround(a! * Math.sin(position) + b! * Math.cos(2 * position))),
  );
  return arrayOf([count, ...shape], data);
}

describe('autoencoder', () => {
  it('has the parameters and multiply-accumulates of its formula', () => {
    const dense = estimateStudent(architecture, same([10]));
    const pairs = [10 * 8, 8 * 5, 5 * 3, 3 * 5, 5 * 8, 8 * 10];
    const products = pairs.reduce((sum, count) => sum + count);
    assert.equal(dense.parameters, products + 8 + 5 + 3 + 5 + 8 + 10);
    assert.equal(dense.macs, products);
    const images = estimateStudent(architecture, same([1, 28, 28]));
    const kernels = 9 * (1 * 4 + 4 * 6);
    const code = 6 * 49 * 3;
    assert.equal(images.parameters, 2 * (kernels + code) + (4 + 6 + 3) + (6 * 49 + 4 + 1));
    // Both ways: 14 × 14 and 7 × 7 positions of the smaller side.
    assert.equal(images.macs, 2 * (196 * 9 * 4 + 49 * 9 * 24 + code));
  });

  for (const shape of [[7], [3, 4], [2, 5, 8], [1, 7, 9]]) {
    it(`gives back samples of [${shape.join(', ')}], with right gradients`, async () => {
      const graph = build(same(shape));
      const feeds = new Map([['input', normalArray([2, ...shape], 'samples')]]);
      assert.deepEqual((await checkForward(graph, feeds)).shape, [2, ...shape]);
      assert.deepEqual(graph.value('code').shape, ['batch', 3]);
      await checkGradients(graph, feeds, weightedSum('output'));
    });
  }

  for (const shape of [[12], [1, 6, 6]]) {
    it(`learns to squeeze samples of [${shape.join(', ')}] through its code`, async () => {
      const samples = planePoints(32, shape);
      const feeds = new Map([['input', samples]]);
      const loss = reconstruction(samples);
      const { losses } = await learn(build(same(shape)), feeds, loss, { steps: 400, learningRate: 0.01 });
      assert.ok(losses.at(-1)! < 0.05 * losses[0]!, `${losses[0]} … ${losses.at(-1)}`);
    });
  }
});
