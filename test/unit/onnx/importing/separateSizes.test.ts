import assert from 'node:assert/strict';
import type { ModelFile } from '../../../../src/onnx/file.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { separateSizes } from '../../../../src/onnx/importing/separateSizes.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { storedModel } from '../../../support/storedModel.ts';

const fileOf = (shape: readonly string[]): ModelFile => ({
  path: 'model.onnx',
  directory: '',
  bytes: 0,
  sha256: '',
  proto: storedModel(17, {
    inputs: { x: shape },
    initializers: { w: floatTensor(new Float32Array(54), [2, 3, 3, 3]) },
    nodes: [['Conv', 'x w', 'y']],
    outputs: ['y'],
  }),
  opset: 17,
  isChanged: false,
});

describe('separateSizes', () => {
  it('lets sizes differ that are called like the batch', () => {
    const file = separateSizes(fileOf(['?', '?', '?', '?']));
    const graph = importGraph(file.proto, { batch: 5, bind: { 'x.1': 3, 'x.2': 8, 'x.3': 6 } });
    assert.deepEqual(graph.value('y').shape, [5, 2, 6, 4]);
  });

  it('leaves a model as it is whose batch has a name of its own, also where other sizes share one', () => {
    const file = fileOf(['n', 'c', 'size', 'size']);
    assert.equal(separateSizes(file), file);
  });
});
