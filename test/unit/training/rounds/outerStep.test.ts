import assert from 'node:assert/strict';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { MeanOfWorkers, outerStep, type Vectors } from '../../../../src/training/rounds/outerStep.ts';
import { plannedRounds } from '../../../../src/training/rounds/trainInRounds.ts';

const vector = (...values: number[]) => floatTensor(Float32Array.from(values));
const numbers = (vectors: ReadonlyMap<string, { readonly data: Float32Array }>, name: string) => [
  ...(vectors.get(name)?.data ?? []),
];

function meanOf(workers: readonly { readonly vectors: Vectors; readonly share: number }[]): MeanOfWorkers {
  const mean = new MeanOfWorkers();
  for (const { vectors, share } of workers) mean.add(vectors, share);
  return mean;
}

describe('the outer step', () => {
  it("is SGD with Nesterov's momentum on the mean change, by PyTorch's formulas", () => {
    const moved = new Set(['w']);
    const options = { learningRate: 0.5, momentum: 0.5, moved };
    const begin = {
      vectors: new Map([
        ['w', vector(1, 0)],
        ['statistics', vector(4)],
      ]),
      momentum: new Map(),
    };
    const worker = (w: number[], statistic: number, share: number) => ({
      vectors: new Map([
        ['w', vector(...w)],
        ['statistics', vector(statistic)],
        ['m:w', vector(9, 9)],
      ]),
      share,
    });
    const first = outerStep(begin, meanOf([worker([0, 0], 2, 1), worker([0, 4], 6, 1)]), options);
    // Δ = [1, −2]; m = Δ; θ − 0.5 (Δ + 0.5 m)
    assert.deepEqual(
      [numbers(first.vectors, 'w'), numbers(first.momentum, 'w')],
      [
        [0.25, 1.5],
        [1, -2],
      ],
    );
    assert.deepEqual(numbers(first.vectors, 'statistics'), [4]);
    assert.deepEqual([...first.vectors.keys()], ['w', 'statistics']);
    const second = outerStep(first, meanOf([worker([0.25, 0.5], 1, 1), worker([0.25, 0.5], 1, 1)]), options);
    // Δ = [0, 1]; m = 0.5 [1, −2] + Δ = [0.5, 0]; θ − 0.5 (Δ + 0.5 m)
    assert.deepEqual(
      [numbers(second.vectors, 'w'), numbers(second.momentum, 'w')],
      [
        [0.125, 1],
        [0.5, 0],
      ],
    );
  });

  it('with rate 1 and no momentum is the mean, by the shares of the workers', () => {
    const begin = { vectors: new Map([['w', vector(5)]]), momentum: new Map() };
    const workers = [
      { vectors: new Map([['w', vector(1)]]), share: 3 },
      { vectors: new Map([['w', vector(9)]]), share: 1 },
    ];
    const { vectors } = outerStep(begin, meanOf(workers), { learningRate: 1, momentum: 0, moved: new Set(['w']) });
    assert.deepEqual(numbers(vectors, 'w'), [3]);
  });

  it('comes as often as the samples of one worker allow', () => {
    const of = (epochs: number, maxSteps?: number) =>
      plannedRounds({ epochs, batchSize: 32, maxSteps }, { workers: 4, samples: 60_000, localSteps: 50 });
    assert.deepEqual(of(10), { steps: 4680, rounds: 94 });
    assert.deepEqual(of(10, 120), { steps: 120, rounds: 3 });
  });
});
