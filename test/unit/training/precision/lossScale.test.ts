import assert from 'node:assert/strict';
import { averageRateAt } from '../../../../src/training/step/weightAverage.ts';
import { chooseOptimizer } from '../../../../src/training/optimizers/chooseOptimizer.ts';
import { describeState } from '../../../../src/training/step/parameters.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import { LossScale, type LossScaleOptions } from '../../../../src/training/precision/lossScale.ts';
import { buildTrainingStep } from '../../../../src/training/step/trainingStep.ts';
import { classifier } from '../../../support/halfNetworks.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf } from '../../../support/reference/array.ts';
import { StepSession } from '../../../support/stepSession.ts';

const batchSize = 4;
const optimizer = chooseOptimizer({ optimizer: 'adam', momentum: 0 });
const small = classifier(
  { architecture: 'convnet', channels: [4], hidden: [], batchNormalization: true, dropout: 0 },
  [2, 6, 6],
);

/** A session of a step that keeps every kind of state: weights, moments, averages, statistics, the scale. */
async function openSession(halfPrecision: LossScaleOptions, clipNorm?: number): Promise<StepSession> {
  const { student, trainingTask } = small;
  const state = describeState(student);
  const options = { student, state, ...trainingTask, optimizer, batchSize, averages: true, halfPrecision, clipNorm };
  return StepSession.open(buildTrainingStep(options));
}

async function takeStep(session: StepSession, step: number, factor = 1): Promise<number> {
  const { samples, ...rest } = small.batch(step, batchSize);
  const batch = { ...rest, samples: samples!.map((value) => value * factor) };
  const scalars = [...optimizer.scalarsAt({ learningRate: 0.01, step }), averageRateAt(0.9, step)];
  return session.run(batch, scalars);
}

/** Everything but the scale. */
function trainedState({ state }: StepSession): Map<string, Float32Array> {
  return new Map([...state].filter(([name]) => !name.startsWith('lossScale')));
}

function assertMoved(before: ReadonlyMap<string, Float32Array>, after: ReadonlyMap<string, Float32Array>): void {
  for (const [name, data] of before) assert.notDeepEqual(after.get(name), data, name);
}

describe('the scale of the loss', () => {
  it('halves when gradients overflow float16, and the step is not taken; then training goes on', async () => {
    const session = await openSession({ initial: 2 ** 24, growthInterval: 2000 });
    const initial = trainedState(session);
    try {
      assert.ok([...initial.keys()].some((name) => name.startsWith('average:statistics')));
      let skipped = 0;
      while (session.lossScale > 2 ** 10) {
        const before = session.lossScale;
        const loss = await takeStep(session, 1);
        assert.ok(Number.isFinite(loss));
        if (session.lossScale === before) break;
        skipped++;
        assert.equal(session.lossScale, before / 2);
        assert.deepEqual(trainedState(session), initial);
      }
      assert.ok(skipped > 3 && session.lossScale > 2 ** 10, `${skipped} steps were skipped`);
      assertMoved(initial, trainedState(session));
    } finally {
      await session.dispose();
    }
  });

  it('skips a batch that overflows in the forward pass, whose loss is not finite', async () => {
    const session = await openSession({ initial: 2 ** 8, growthInterval: 2000 });
    try {
      await takeStep(session, 1);
      const before = trainedState(session);
      assert.ok(!Number.isFinite(await takeStep(session, 2, 1e6)));
      assert.equal(session.lossScale, 2 ** 7);
      assert.deepEqual(trainedState(session), before);
      assert.ok(Number.isFinite(await takeStep(session, 3)));
      assert.equal(session.lossScale, 2 ** 7);
      assertMoved(before, trainedState(session));
    } finally {
      await session.dispose();
    }
  });

  it('doubles after so many good steps in a row', async () => {
    const session = await openSession({ initial: 64, growthInterval: 2 });
    const scales: number[] = [];
    try {
      for (const [index, factor] of [1, 1, 1, 1e6, 1, 1, 1, 1].entries()) {
        await takeStep(session, index + 1, factor);
        scales.push(session.lossScale);
      }
      // The fourth step is skipped, and the third no longer counts.
      assert.deepEqual(scales, [64, 128, 128, 64, 64, 128, 128, 256]);
    } finally {
      await session.dispose();
    }
  });

  it('does not change the step, with and without a clipped norm', async () => {
    for (const clipNorm of [undefined, 0.01]) {
      const sessions = await Promise.all(
        [64, 256].map((initial) => openSession({ initial, growthInterval: 9 }, clipNorm)),
      );
      try {
        const [first, second] = sessions;
        for (const session of sessions) for (const step of [1, 2]) await takeStep(session, step);
        for (const [name, data] of trainedState(first!)) {
          const other = second!.state.get(name)!;
          // Adam moves every weight by about the learning rate: 0.01.
          data.forEach((value, index) => {
            assert.ok(Math.abs(value - other[index]!) < 1e-3 * Math.max(1, Math.abs(value)), `${name} ${clipNorm}`);
          });
        }
      } finally {
        for (const session of sessions) await session.dispose();
      }
    }
  });

  it('is not doubled beyond what float32 holds, and takes neither infinity nor NaN for good', async () => {
    const after = async (scale: number, norm: number): Promise<number[]> => {
      const graph = new Graph();
      const lossScale = new LossScale(graph, { initial: 1, growthInterval: 3 });
      const isGood = lossScale.isGood(graph.input('norm', 'float32', []));
      for (const { name, next } of lossScale.states(isGood)) graph.output(next, `${name}.next`);
      const feeds = new Map([
        ['lossScale', arrayOf([1], [scale])],
        ['lossScale.goodSteps', arrayOf([1], [2])],
        ['norm', arrayOf([], [norm])],
      ]);
      const results = await runGraph(graph, feeds);
      return ['lossScale.next', 'lossScale.goodSteps.next'].map((name) => results.get(name)!.data[0]!);
    };
    assert.deepEqual(await after(2 ** 10, 1e30), [2 ** 11, 0]);
    assert.deepEqual(await after(2 ** 127, 1), [2 ** 127, 0]);
    assert.deepEqual(await after(2 ** 10, Infinity), [2 ** 9, 0]);
    assert.deepEqual(await after(2 ** 10, NaN), [2 ** 9, 0]);
  });
});
