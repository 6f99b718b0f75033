import assert from 'node:assert/strict';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { refuseGiants } from '../../../../src/onnx/cost/refuseGiants.ts';
import { intTensor } from '../../../../src/onnx/tensor.ts';
import { storedModel } from '../../../support/storedModel.ts';

describe('networks with values that memory cannot hold', () => {
  const expanded = (size: number) =>
    importGraph(
      storedModel(17, {
        inputs: { x: [1, 1] },
        initializers: { shape: intTensor([size, size]) },
        nodes: [
          ['Expand', 'x shape', 'giant'],
          ['ReduceMean', 'giant', 'y'],
        ],
        outputs: ['y'],
      }),
    );

  it('are refused with the node that computes them', () => {
    assert.throws(() => {
      refuseGiants(expanded(10_000_000));
    }, /\(Expand\) computes 100000000000000 numbers of shape \[10000000, 10000000\]/);
    refuseGiants(expanded(10));
  });
});
