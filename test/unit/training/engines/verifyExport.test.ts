import assert from 'node:assert/strict';
import { join } from 'node:path';
import { largestDifference, verifyExport } from '../../../../src/training/engines/verifyExport.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { saveModel } from '../../../../src/onnx/file.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { removeFolder, temporaryFolder } from '../../../support/datasets.ts';

function network(weights: readonly number[]): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', 2]);
  graph.output(graph.op('MatMul', [input, graph.initializer('weight', floatTensor(weights, [2, 2]))]), 'logits');
  return graph;
}

const dataset = {
  samples: { kind: 'values' },
  sampleShape: [2],
  test: {
    count: 3,
    targets: { kind: 'none' },
    read: (indices: ArrayLike<number>, target: Float32Array) => {
      for (let row = 0; row < indices.length; row++) target.set([1, indices[row]!], row * 2);
      return Promise.resolve();
    },
  },
} as const;

describe('verifyExport', () => {
  const { signal } = new AbortController();
  let folder: string;
  before(() => {
    folder = temporaryFolder();
  });
  after(() => {
    removeFolder(folder);
  });

  it('finds no difference in a file with the same weights', async () => {
    const path = join(folder, 'same.onnx');
    await saveModel(path, exportModel(network([1, 2, 3, 4]), { name: 'student' }));
    assert.equal(await verifyExport(path, network([1, 2, 3, 4]), dataset, signal), 0);
  });

  it('refuses a file with other weights, naming it and the difference', async () => {
    const path = join(folder, 'other.onnx');
    await saveModel(path, exportModel(network([1, 2, 3, 4.01]), { name: 'student' }));
    await assert.rejects(
      verifyExport(path, network([1, 2, 3, 4]), dataset, signal),
      /other\.onnx' does not compute what was trained: its outputs differ by 2\.00e-3 of the largest\./,
    );
  });
});

describe('largestDifference', () => {
  it('is a share of the largest output', () => {
    assert.equal(largestDifference(Float32Array.of(-8, 1), Float32Array.of(-8, 3)), 0.25);
    assert.equal(largestDifference(Float32Array.of(0, 0), Float32Array.of(0, 0.5)), 0.5);
  });

  it('is infinite where one is not a number, or there are more', () => {
    assert.equal(largestDifference(Float32Array.of(1, NaN), Float32Array.of(1, 2)), Infinity);
    assert.equal(largestDifference(Float32Array.of(1), Float32Array.of(1, 2)), Infinity);
    assert.equal(largestDifference(Float32Array.of(NaN), Float32Array.of(NaN)), 0);
  });
});
