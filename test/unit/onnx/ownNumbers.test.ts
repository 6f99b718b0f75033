import assert from 'node:assert/strict';
import { exportModel } from '../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../src/onnx/file.ts';
import { int, type Graph } from '../../../src/onnx/graph.ts';
import { toWholeNumbers, wholeInputOf, withOwnNumbers } from '../../../src/onnx/ownNumbers.ts';
import { floatTensor, type DataType, type FloatTensor } from '../../../src/onnx/tensor.ts';
import { dataTypeCode } from '../../../src/onnx/tensorProto.ts';
import { InferenceSession, Tensor } from '../../../src/platform/onnxRuntime.ts';
import { importNetwork } from '../../../src/students/importNetwork.ts';
import { withEnding } from '../../../src/students/initialNetwork.ts';
import { chooseOptimizer } from '../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../src/training/step/parameters.ts';
import { buildTrainingStep } from '../../../src/training/step/trainingStep.ts';
import { StepSession } from '../../support/stepSession.ts';
import { storedModel } from '../../support/storedModel.ts';

const own = { scale: [100, 50], offset: [3, 0] };
const ROWS = [0.1, 0.24, -0.5, 1.999, 2, 5.3];

/** (x / 255) W of numbers x [batch, 2]. */
const network = (type: DataType) =>
  storedModel(17, {
    inputs: { x: ['batch', 2] },
    inputTypes: { x: type },
    initializers: { w: floatTensor([0.5, -1, 2, 0.3, 1, -0.7], [2, 3]), by: floatTensor([255], []) },
    nodes: [
      ['Cast', 'x', 'c', { to: int(dataTypeCode('float32')) }],
      ['Div', 'c by', 's'],
      ['MatMul', 's w', 'y'],
    ],
    outputs: ['y'],
  });

const bytes = () => network('uint8');

describe("a network that takes the data's own numbers", () => {
  it('is given them of samples, rounded and within bytes', () => {
    assert.equal(wholeInputOf(bytes()), undefined);
    const whole = wholeInputOf(withOwnNumbers(bytes(), own))!;
    assert.deepEqual([whole.input, whole.type], ['x', 'uint8']);
    assert.deepEqual([...toWholeNumbers(Float32Array.from(ROWS), whole, 2)], [13, 12, 0, 100, 203, 255]);
    const wide = toWholeNumbers(Float32Array.from(ROWS), { ...own, type: 'int64' }, 2);
    assert.deepEqual([...wide], [13n, 12n, -47n, 100n, 203n, 265n]);
  });

  it('rounds them before they are ids again, or are compared, behind a Cast to floats', () => {
    for (const last of [
      ['Cast', 'turned', 'ids', { to: int(dataTypeCode('int64')) }],
      ['Greater', 'turned by', 'ids'],
    ] as const) {
      const model = storedModel(17, {
        inputs: { x: ['batch', 2] },
        inputTypes: { x: 'int64' },
        initializers: { w: floatTensor([0.5, -1, 2, 0.3], [2, 2]), by: floatTensor([0], []) },
        nodes: [
          ['Cast', 'x', 'c', { to: int(dataTypeCode('float32')) }],
          ['Identity', 'c', 'turned'],
          last,
          ['Cast', 'ids', 'mask', { to: int(dataTypeCode('float32')) }],
          ['MatMul', 'mask w', 'y'],
        ],
        outputs: ['y'],
      });
      assert.equal(importNetwork(withOwnNumbers(model, own)).isRounded, true);
    }
    assert.equal(importNetwork(withOwnNumbers(bytes(), own)).isRounded, false);
  });

  it('computes in its file what is verified: rounded samples', async () => {
    const source = withOwnNumbers(bytes(), own);
    const imported = importNetwork(source);
    const said = async (model: Uint8Array, input: Tensor): Promise<Float32Array> => {
      const session = await InferenceSession.create(model);
      const { y } = await session.run({ x: input });
      await session.release();
      return y!.data as Float32Array;
    };
    const whole = withEnding({ ...imported, source }, new Map<string, FloatTensor>());
    const named = exportModel(whole, { name: 'whole' });
    const fed = toWholeNumbers(Float32Array.from(ROWS), imported.wholeInput!, 2) as Uint8Array;
    const expected = await said(encodeModel(source), new Tensor('uint8', fed, [3, 2]));
    const found = await said(encodeModel(named), new Tensor('float32', Float32Array.from(ROWS), [3, 2]));
    expected.forEach((value, index) => {
      assert.ok(Math.abs(value - found[index]!) < 1e-5, `${value} ${found[index]!}`);
    });
  });

  it('makes the step of a network of floats that is fed the same numbers', async () => {
    const step = async (graph: Graph, samples: readonly number[]): Promise<number[]> => {
      const optimizer = chooseOptimizer({ optimizer: 'sgd', momentum: 0 });
      const session = await StepSession.open(
        buildTrainingStep({
          task: 'classification',
          samples: { kind: 'values' },
          sampleShape: [2],
          outputShape: [3],
          objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
          student: graph,
          state: describeState(graph, new Set(['w'])),
          optimizer,
          batchSize: 3,
        }),
      );
      try {
        const labels = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
        const scalars = optimizer.scalarsAt({ learningRate: 0.5, step: 1 });
        await session.run({ samples: Float32Array.from(samples), labels }, scalars);
        return [...session.state.values()].flatMap((values) => [...values]);
      } finally {
        await session.dispose();
      }
    };
    const numbers = ROWS.map((value, index) => value * own.scale[index % 2]! + own.offset[index % 2]!);
    const expected = await step(importNetwork(network('float32')).graph, numbers);
    const found = await step(importNetwork(withOwnNumbers(bytes(), own)).graph, ROWS);
    assert.equal(found.length, 6);
    found.forEach((value, index) => {
      assert.ok(Math.abs(value - expected[index]!) < 1e-6, `${value} ${expected[index]!}`);
    });
    assert.ok(found.some((value) => ![0.5, -1, 2, 1].includes(value)));
  });

  it('is told from one that looks entries up by them', () => {
    const lookedUp = storedModel(17, {
      inputs: { x: ['batch', 2] },
      inputTypes: { x: 'int64' },
      initializers: { table: floatTensor([1, 2, 3, 4], [2, 2]) },
      nodes: [['Gather', 'table x', 'y']],
      outputs: ['y'],
    });
    assert.equal(importNetwork(withOwnNumbers(lookedUp, own)).isRounded, true);
    assert.equal(importNetwork(withOwnNumbers(bytes(), own)).isRounded, false);
  });
});
