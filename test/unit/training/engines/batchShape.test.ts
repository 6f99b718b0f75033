import assert from 'node:assert/strict';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { batchShape, readNetwork } from '../../../../src/training/engines/networkFile.ts';

describe('the batch that a network is asked in', () => {
  /** Makes of every sample of 8 numbers so many. */
  function batchFor(numbers: number): readonly number[] {
    const graph = new Graph();
    const input = graph.input('input', 'float32', ['batch', 8, 1]);
    const wide = graph.op('Mul', [
      input,
      graph.initializer('row', { type: 'float32', shape: [1, 1, numbers / 8], data: new Float32Array(numbers / 8) }),
    ]);
    graph.output(graph.op('ReduceMax', [wide, graph.integers([1, 2])]), 'said');
    const proto = exportModel(graph, { name: 'wide' });
    const network = readNetwork({
      path: 'wide.onnx',
      directory: '.',
      bytes: 0,
      sha256: '',
      opset: null,
      proto,
      isChanged: true,
    });
    return batchShape(network, { sampleShape: [8, 1] });
  }

  it('is smaller where a value that is computed of the samples would fill the memory', () => {
    assert.deepEqual(batchFor(800), [256, 8, 1]);
    // 2²² numbers for each sample: 16 of them take 256 MiB.
    assert.deepEqual(batchFor(2 ** 22), [16, 8, 1]);
  });
});
