import assert from 'node:assert/strict';
import { floatTensor, type FloatTensor } from '../../../../src/onnx/tensor.ts';
import { logitsName } from '../../../../src/students/imported/classifierEnding.ts';
import { importNetwork } from '../../../../src/students/importNetwork.ts';
import { withEnding } from '../../../../src/students/initialNetwork.ts';
import type { OutputForm } from '../../../../src/students/networkForm.ts';
import { openForward } from '../../../../src/training/engines/networkFile.ts';
import { chooseOptimizer } from '../../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';
import { buildTrainingStep } from '../../../../src/training/step/trainingStep.ts';
import { StepSession } from '../../../support/stepSession.ts';
import { storedModel, type StoredNodeText } from '../../../support/storedModel.ts';

const form: OutputForm = { kind: 'logits', classes: 2 };
const WEIGHTS = [0.5, -1, 2];
const BIAS = 0.3;
const ROWS = [
  [1, 2, 0.5],
  [-1, 0.5, 1],
  [0.3, -0.7, -2],
  [2, 1, 0],
];
const LABELS = [1, 0, 0, 1];

/** z = x·w + b [batch, 1], and what follows it. */
const stored = (...ending: readonly StoredNodeText[]) =>
  storedModel(17, {
    inputs: { x: ['batch', 3] },
    initializers: { w: floatTensor(WEIGHTS, [3, 1]), b: floatTensor([BIAS]) },
    nodes: [['Gemm', 'x w b', ending.length > 0 ? 'z' : 'y'], ...ending],
    outputs: ['y'],
  });

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const logits = ROWS.map((row) => row.reduce((sum, value, index) => sum + value * WEIGHTS[index]!, BIAS));

/** Endings, and whether they give a probability. */
const ENDINGS: readonly (readonly [string, readonly StoredNodeText[], boolean])[] = [
  ['a logit [batch, 1]', [], false],
  ['a logit [batch]', [['Squeeze', 'z', 'y']], false],
  ['a sigmoid [batch, 1]', [['Sigmoid', 'z', 'y']], true],
  [
    'a sigmoid [batch], squeezed before',
    [
      ['Squeeze', 'z', 's'],
      ['Sigmoid', 's', 'y'],
    ],
    true,
  ],
  [
    'a sigmoid [batch], squeezed after',
    [
      ['Sigmoid', 'z', 's'],
      ['Squeeze', 's', 'y'],
    ],
    true,
  ],
];

describe('one number for two classes', () => {
  for (const [title, ending, isProbability] of ENDINGS) {
    it(`${title}: becomes the logits 0 and z, and is written as it came`, async () => {
      const model = stored(...ending);
      const network = importNetwork(model, { form });
      assert.deepEqual(network.weights, ['w', 'b']);
      assert.match(network.notes.join(), isProbability ? /probability of the second/ : /logit of the second/);
      const said = async (graph: typeof network.graph): Promise<Float32Array> => {
        const options = { device: 'cpu', samples: { kind: 'values' }, sampleShape: [3], batchSize: 4 } as const;
        const predictor = await openForward(graph, options);
        try {
          return [...(await predictor.run(Float32Array.from(ROWS.flat()))).values()][0]!;
        } finally {
          await predictor.dispose();
        }
      };
      const close = (actual: Float32Array, expected: readonly number[]): void => {
        assert.equal(actual.length, expected.length);
        for (const [index, value] of expected.entries()) assert.ok(Math.abs(actual[index]! - value) < 1e-6);
      };
      close(
        await said(network.graph),
        logits.flatMap((z) => [0, z]),
      );
      const whole = withEnding({ ...network, source: model }, new Map<string, FloatTensor>());
      close(await said(whole), isProbability ? logits.map(sigmoid) : logits);
      const isColumn = title.includes('[batch, 1]');
      assert.equal(whole.outputs[0]?.shape.length, isColumn ? 2 : 1);
    });
  }

  it('makes the step that is computed by hand, on labels and on a teacher of two classes', async () => {
    const { graph, weights } = importNetwork(stored(['Sigmoid', 'z', 'y']), { form });
    const [rate, temperature] = [0.1, 2];
    const teacher = [
      [0.2, 1.4],
      [1, -0.5],
      [0.1, 0.3],
      [-1, 2],
    ];
    const optimizer = chooseOptimizer({ optimizer: 'sgd', momentum: 0 });
    const step = buildTrainingStep({
      task: 'classification',
      samples: { kind: 'values' },
      sampleShape: [3],
      outputShape: [2],
      objective: [
        { loss: 'labels', weight: 0.25, smoothing: 0 },
        { loss: 'kd', weight: 0.75, temperature, target: 'soft', standardize: false },
      ],
      student: graph,
      state: describeState(graph, new Set(weights)),
      optimizer,
      batchSize: 4,
    });
    const session = await StepSession.open(step);
    try {
      const before = [...session.state].flatMap(([, values]) => [...values]);
      await session.run(
        {
          samples: Float32Array.from(ROWS.flat()),
          labels: Float32Array.from(LABELS.flatMap((label) => [1 - label, label])),
          'teacher.0': Float32Array.from(teacher.flat()),
        },
        optimizer.scalarsAt({ learningRate: rate, step: 1 }),
      );
      const after = [...session.state].flatMap(([, values]) => [...values]);
      // d/dz of the binary cross-entropy, and of T² KL(σ(t/T) ‖ σ(z/T)), as means over the batch.
      const slopes = logits.map((z, row) => {
        const [first = 0, second = 0] = teacher[row] ?? [];
        const told = sigmoid((second - first) / temperature);
        const hard = sigmoid(z) - LABELS[row]!;
        return (0.25 * hard + 0.75 * temperature * (sigmoid(z / temperature) - told)) / ROWS.length;
      });
      const gradient = [0, 1, 2, 3].map((index) =>
        slopes.reduce((sum, slope, row) => sum + slope * (ROWS[row]?.[index] ?? 1), 0),
      );
      const moved = new Map(before.map((value, index) => [value, after[index]! - value]));
      [...WEIGHTS, BIAS].forEach((weight, index) => {
        const found = moved.get(Math.fround(weight));
        assert.ok(Math.abs(found! + rate * gradient[index]!) < 1e-6, `${weight}: ${found} ${-rate * gradient[index]!}`);
      });
    } finally {
      await session.dispose();
    }
  });

  it('is refused after a softmax, which is always 1, and stays one number for other tasks', () => {
    const softmax = stored(['Softmax', 'z', 'y']);
    assert.throws(() => importNetwork(softmax, { form }), /over one number, which says the same of every sample/);
    const three: OutputForm = { kind: 'logits', classes: 3 };
    const values: OutputForm = { kind: 'values', shape: [1] };
    for (const other of [three, values]) {
      assert.equal(importNetwork(stored(), { form: other }).graph.outputs[0]?.name, 'y');
    }
  });

  it('has its logit found in the file', () => {
    const names = ENDINGS.map(([, ending]) => logitsName(stored(...ending).graph!, 'y', true));
    assert.deepEqual(names, ['y', 'z', 'z', 's', 'z']);
  });
});
