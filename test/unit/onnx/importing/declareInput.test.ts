import assert from 'node:assert/strict';
import { declareInput } from '../../../../src/onnx/importing/declareInput.ts';
import { importGraph } from '../../../../src/onnx/importing/importGraph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { storedModel } from '../../../support/storedModel.ts';

/** A dense layer, or a convolution, whose input does not say how many axes it has. */
function undeclared(operator: 'Gemm' | 'Conv') {
  const weight = operator === 'Gemm' ? [12, 3] : [5, 3, 1, 1];
  const model = storedModel(17, {
    inputs: { x: [] },
    initializers: { w: floatTensor(new Float32Array(weight.reduce((product, size) => product * size, 1)), weight) },
    nodes: [[operator, 'x w', 'y']],
    outputs: ['y'],
  });
  const type = model.graph!.input[0]!.type!.value;
  assert.ok(type.case === 'tensorType');
  delete type.value.shape;
  return model;
}

describe('declareInput', () => {
  it('gives an input without axes those of a batch of samples', () => {
    const model = undeclared('Conv');
    assert.throws(() => importGraph(model), /number of axes of 'x' is not declared/);
    const graph = importGraph(declareInput(model, [3, 2, 2]));
    assert.deepEqual(graph.inputs[0]?.shape, ['batch', 3, 2, 2]);
    assert.deepEqual(graph.outputs[0]?.shape, ['batch', 5, 2, 2]);
  });

  it('gives it their numbers in a row where the model can be read with these alone', () => {
    assert.deepEqual(importGraph(declareInput(undeclared('Gemm'), [3, 2, 2])).inputs[0]?.shape, ['batch', 12]);
  });

  it('leaves a model as it is whose input is declared, or that can be read with neither', () => {
    const declared = declareInput(undeclared('Conv'), [3, 2, 2]);
    assert.equal(declareInput(declared, [3, 2, 2]), declared);
    const other = undeclared('Gemm');
    assert.equal(declareInput(other, [7]), other);
  });
});
