import assert from 'node:assert/strict';
import { int } from '../../../../src/onnx/graph.ts';
import { floatTensor, type FloatTensor } from '../../../../src/onnx/tensor.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { openForTraining } from '../../../../src/students/imported/openForTraining.ts';
import { tieTransposed } from '../../../../src/students/imported/tieTransposed.ts';
import { storedModel } from '../../../support/storedModel.ts';

const transposed = ({ data, shape: [rows = 0, columns = 0] }: FloatTensor): FloatTensor =>
  floatTensor(
    Float32Array.from({ length: rows * columns }, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)] ?? 0),
    [columns, rows],
  );

const matrix = floatTensor([1, 2, 3, 4, 5, 6], [2, 3]);

/** An autoencoder whose decoder is its encoder, transposed: x · aᵀ · a. */
const model = (first: FloatTensor, second: FloatTensor, more: Readonly<Record<string, FloatTensor>> = {}) =>
  storedModel(17, {
    inputs: { x: ['n', first.shape[1]!] },
    initializers: { 'e.weight': first, val_1: second, ...more },
    nodes: [
      ['Gemm', 'x e.weight', 'code', { transB: int(1) }],
      ['Gemm', 'code val_1', 'y', { transB: int(1) }],
    ],
    outputs: ['y'],
  });

describe('a matrix that a file has twice, once transposed', () => {
  it('is one weight, and that is told', () => {
    const opened = openForTraining(model(matrix, transposed(matrix)), [3], {});
    assert.deepEqual(importNetwork(opened.model).weights, ['e.weight']);
    assert.match(
      opened.notes.join(),
      /'val_1' is 'e\.weight' transposed, to the last bit: they are trained, and written, as one/,
    );
  });

  it('keeps the name that is a module’s', () => {
    const stored = model(matrix, transposed(matrix));
    stored.graph!.initializer.reverse();
    assert.deepEqual(tieTransposed(stored).tied, [['val_1', 'e.weight']]);
  });

  it('is two where numbers differ, where there are several that it may be, and where it says nothing', () => {
    const close = transposed(matrix);
    close.data[3] = 4.000001;
    const ones = floatTensor([1, 1, 0, 1, 0, 1], [2, 3]);
    const symmetric = floatTensor([1, 2, 3, 2, 4, 5, 3, 5, 6], [3, 3]);
    for (const untouched of [
      model(matrix, close),
      model(matrix, transposed(matrix), { copy: matrix }),
      model(ones, transposed(ones)),
      model(symmetric, symmetric),
    ]) {
      assert.equal(tieTransposed(untouched).model, untouched);
    }
  });
});
