import assert from 'node:assert/strict';
import type { InferenceSession as Sessions } from 'onnxruntime-node';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { Graph, ints } from '../../../../src/onnx/graph.ts';
import { InferenceSession } from '../../../../src/platform/onnxRuntime.ts';
import { hasBfloat16Products, precisionOn } from '../../../../src/training/engines/bfloat16Products.ts';
import { PlacementProfile } from '../../../../src/training/engines/devices/placementProfile.ts';
import { OnnxRuntimeEngine } from '../../../../src/training/engines/onnxruntimeEngine.ts';
import { OnnxRuntimeStep } from '../../../../src/training/engines/onnxruntimeStep.ts';
import { closeSession, openSession, runtimeTensor } from '../../../../src/training/engines/session.ts';
import { chooseOptimizer } from '../../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';
import { buildTrainingStep } from '../../../../src/training/step/trainingStep.ts';
import { mlpNetwork } from '../../../support/engineNetworks.ts';
import { curveOf, optionsOf, stepsOf } from '../../../support/engineSteps.ts';

/** The operators that ONNX Runtime makes of A · Bᵀ + c. */
async function operatorsOf(multipliesInBfloat16: boolean): Promise<readonly string[]> {
  const graph = new Graph();
  const [a, b, c] = [
    graph.input('a', 'float32', [8, 8]),
    graph.input('b', 'float32', [8, 8]),
    graph.input('c', 'float32', [8]),
  ];
  const transposed = graph.op('Transpose', [b], { perm: ints([1, 0]) });
  graph.output(graph.op('MatMul', [a, transposed]), 'product');
  graph.output(graph.op('Add', [graph.op('MatMul', [a, b]), c]), 'sum');
  const profile = new PlacementProfile();
  const options = { device: 'cpu', profilePrefix: profile.prefix, multipliesInBfloat16 } as const;
  const session = await openSession(encodeModel(exportModel(graph, { name: 'products' })), options);
  const matrix = runtimeTensor(new Float32Array(64).fill(1), [8, 8]);
  await session.run({ a: matrix, b: matrix, c: runtimeTensor(new Float32Array(8), [8]) });
  const operators = profile.read(session);
  await closeSession(session);
  return operators;
}

/** What sessions are opened with meanwhile. */
async function optionsWhile(work: () => Promise<void>): Promise<readonly Sessions.SessionOptions[]> {
  const { create } = InferenceSession;
  const seen: Sessions.SessionOptions[] = [];
  InferenceSession.create = ((model: Uint8Array, options: Sessions.SessionOptions) => {
    seen.push(options);
    return create.call(InferenceSession, model, options);
  }) as typeof create;
  try {
    await work();
  } finally {
    InferenceSession.create = create;
  }
  return seen;
}

describe('a training in bfloat16', () => {
  it('asks ONNX Runtime for such products in the session that does its steps', async () => {
    const { graph, sampleShape, classes } = mlpNetwork();
    const step = buildTrainingStep({
      ...optionsOf({ graph, sampleShape, classes }, 'bfloat16'),
      student: graph,
      state: describeState(graph),
      optimizer: chooseOptimizer({ optimizer: 'adam', momentum: 0 }),
      multipliesInBfloat16: true,
    });
    const [options] = await optionsWhile(async () => (await OnnxRuntimeStep.create(step, 'cpu')).dispose());
    assert.deepEqual(options?.extra?.['mlas'], { enable_gemm_fastmath_arm64_bfloat16: '1' });
  });

  it('has products that are not joined with anything, as they would be float32', async () => {
    assert.deepEqual(await operatorsOf(false), ['FusedMatMul', 'Gemm']);
    assert.deepEqual(await operatorsOf(true), ['Add', 'MatMul', 'Transpose']);
  });

  it('is one in float32 where the processor has no such products, and learns as well where it has', async () => {
    const steps = stepsOf(mlpNetwork(), 50);
    const curves: number[][] = [];
    for (const precision of ['float32', 'bfloat16'] as const) {
      const engine = await OnnxRuntimeEngine.open(optionsOf(mlpNetwork(), precision));
      try {
        curves.push((await curveOf(engine, steps)).map(({ total }) => total ?? NaN));
      } finally {
        await engine.dispose();
      }
    }
    const [single = [], rounded = []] = curves;
    if (!(await hasBfloat16Products())) {
      assert.deepEqual(rounded, single);
      console.log('      this processor has no products in bfloat16: only the fallback was tested');
      return;
    }
    const worst = Math.max(...single.map((loss, index) => Math.abs(loss - (rounded[index] ?? NaN)) / loss));
    console.log(`      largest relative difference of 50 losses: ${worst.toExponential(1)}`);
    assert.ok(worst > 1e-6, 'nothing was rounded');
    assert.ok(worst < 0.02);
  });

  it('is never computed on another device, and leaves other precisions as they are', async () => {
    assert.equal(await precisionOn('webgpu', 'bfloat16'), 'float32');
    assert.equal(await precisionOn('webgpu', 'float16'), 'float16');
    assert.equal(await precisionOn('cpu', 'float32'), 'float32');
  });
});
