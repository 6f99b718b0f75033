import assert from 'node:assert/strict';
import { checkAware } from '../../../../src/preflight/checks/checkAware.ts';
import { experimentSchema, type ExperimentInput } from '../../../../src/experiment/schema.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';

const zeros = (...shape: number[]) => floatTensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

function experimentWith(change: Partial<ExperimentInput> = {}) {
  return experimentSchema.parse({
    teacher: null,
    dataset: { path: 'builtin:digits' },
    student: { architecture: 'mlp' },
    quantization: { aware: true },
    ...change,
  });
}

function dense(): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', ['batch', 4]);
  graph.output(graph.op('MatMul', [input, graph.initializer('weight', zeros(4, 2))]), 'logits');
  return graph;
}

function recurrent(): Graph {
  const graph = new Graph();
  const input = graph.input('input', 'float32', [5, 'batch', 4]);
  const [w, r] = [graph.initializer('w', zeros(1, 12, 4)), graph.initializer('r', zeros(1, 12, 3))];
  const [states] = graph.node('LSTM', [input, w, r], { attributes: { hidden_size: { kind: 'int', value: 3 } } });
  graph.output(states!, 'states');
  return graph;
}

const messages = (change: Partial<ExperimentInput>, graph = dense(), softTree = false) =>
  checkAware(experimentWith(change), { graph, ...(softTree && { softTree: { penalty: 0 } }) }).map(
    ({ where, message }) => {
      assert.equal(where, 'quantization.aware');
      return message;
    },
  );

describe('checkAware', () => {
  it('lets pass what is computed in int8, and everything where it was not asked for', () => {
    assert.deepEqual(messages({}), []);
    assert.deepEqual(messages({ quantization: {} }, recurrent()), []);
  });

  it('refuses in one sentence what is not', () => {
    assert.match(messages({}, recurrent()).join(), /^The student has a recurrent layer \(LSTM\)/);
    assert.match(messages({}, dense(), true).join(), /^A soft decision tree/);
    assert.match(messages({ engine: 'tensorflow' }).join(), /^The engine 'tensorflow'/);
    const source = exportModel(dense(), { name: 'old', opset: 13 });
    source.opsetImport.find(({ domain }) => domain === '')!.version = 12n;
    const [problem] = checkAware(experimentWith(), { graph: dense(), source });
    assert.match(problem!.message, /operator set 12/);
    assert.deepEqual(checkAware(experimentWith({ export: { opset: 13 } }), { graph: dense(), source }), []);
    const graph = new Graph();
    graph.output(graph.op('Relu', [graph.input('input', 'float32', ['batch', 4])]), 'logits');
    assert.match(messages({}, graph).join(), /no convolution and no dense layer/);
  });
});
