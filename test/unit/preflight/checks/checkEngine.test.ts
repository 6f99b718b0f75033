import assert from 'node:assert/strict';
import { DistilleryError } from '../../../../src/errors.ts';
import { checkEngine, checkEngineOperators } from '../../../../src/preflight/checks/checkEngine.ts';
import type { ExperimentInput } from '../../../../src/experiment/schema.ts';
import { int, Graph } from '../../../../src/onnx/graph.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { settled } from '../../../support/settled.ts';
import { cpuTensorflow } from '../../../support/tensorflow.ts';

const tf = await cpuTensorflow();

function experimentWith(change: Partial<ExperimentInput>) {
  return settled({
    teacher: null,
    dataset: { path: 'builtin:digits' },
    student: { architecture: 'mlp' },
    objective: [{ loss: 'labels', weight: 1 }],
    ...change,
  });
}

describe('checkEngine', () => {
  it('does not look for TensorFlow when ONNX Runtime is chosen', () => {
    const problems = checkEngine(experimentWith({}), () => assert.fail('it was loaded'));
    assert.deepEqual(problems, []);
  });

  it('names the field and the way to install when TensorFlow is missing', () => {
    const problems = checkEngine(experimentWith({ engine: 'tensorflow' }), () => {
      throw new DistilleryError('UNSUPPORTED', 'It is missing.', { hint: 'Install it.' });
    });
    assert.deepEqual(problems, [{ where: 'engine', message: 'It is missing.', hint: 'Install it.' }]);
  });

  it('refuses a device that the engine does not use', () => {
    const where = (device: 'auto' | 'cpu' | 'webgpu') =>
      checkEngine(experimentWith({ engine: 'tensorflow', device }), () => tf).map((problem) => problem.where);
    assert.deepEqual(where('auto'), []);
    assert.deepEqual(where('cpu'), []);
    assert.deepEqual(where('webgpu'), ['device']);
  });

  it('refuses to compute segments again', () => {
    const training = { recomputeSegments: 4 };
    const wheres = (engine: 'onnxruntime' | 'tensorflow') =>
      checkEngine(experimentWith({ engine, training }), () => tf).map((problem) => problem.where);
    assert.deepEqual(wheres('tensorflow'), ['training.recomputeSegments']);
    assert.deepEqual(wheres('onnxruntime'), []);
  });

  it('refuses other precisions than float32, of the student and of a teacher that is trained first', () => {
    const halves = { precision: 'float16' } as const;
    const teacher = { architecture: 'mlp', training: halves } as const;
    const wheres = (change: Partial<ExperimentInput>) =>
      checkEngine(experimentWith(change), () => tf).map((problem) => problem.where);
    assert.deepEqual(wheres({ engine: 'tensorflow', training: halves }), ['training.precision']);
    assert.deepEqual(wheres({ engine: 'tensorflow', teacher }), ['training.precision']);
    assert.deepEqual(wheres({ engine: 'tensorflow', training: { precision: 'bfloat16' } }), ['training.precision']);
    assert.deepEqual(wheres({ engine: 'onnxruntime', training: halves, teacher }), []);
  });

  it('refuses a soft decision tree, whose loss it does not have', () => {
    const student = { architecture: 'soft-tree' } as const;
    assert.deepEqual(
      checkEngine(experimentWith({ engine: 'tensorflow', student }), () => tf),
      [
        {
          where: 'engine',
          message: "The engine 'tensorflow' does not have the loss of a soft decision tree.",
          hint: "Choose the engine 'onnxruntime'.",
        },
      ],
    );
    assert.deepEqual(
      checkEngine(experimentWith({ student }), () => tf),
      [],
    );
  });

  it('refuses a network with an operator that the engine lacks, but not what is known before the graph runs', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['batch', 4]);
    const weight = graph.initializer('weight', floatTensor(new Float32Array(16), [4, 4]));
    const product = graph.op('MatMul', [x, graph.op('Reshape', [weight, graph.op('Shape', [weight])])]);
    graph.output(product);
    const check = (engine: 'onnxruntime' | 'tensorflow') =>
      checkEngineOperators(experimentWith({ engine }), { graph }, { samples: { kind: 'values' }, sampleShape: [4] });
    assert.deepEqual(check('tensorflow'), []);
    // What no output needs is not computed.
    graph.output(graph.op('CumSum', [product, graph.integers([1])], { reverse: int(1) }));
    assert.match(check('tensorflow')[0]?.message ?? '', /'CumSum'/);
    assert.deepEqual(check('onnxruntime'), []);
  });
});
