import { lamb } from '../../../../src/training/optimizers/lamb.ts';
import { assertClose, gradients, initial, runOptimizer } from '../../../support/optimizerRun.ts';

const usual = { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, weightDecay: 0.01 };

interface Weight {
  readonly positions: readonly number[];
  readonly adapts: boolean;
}

/** Algorithm 2 of arXiv 1904.00962 in doubles; a weight that does not adapt follows Adam. */
function lambByTheBook(weights: readonly Weight[], learningRate: number, steps = gradients): number[][] {
  const { beta1, beta2, epsilon, weightDecay } = usual;
  const parameters = [...initial];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  return steps.map((gradient, index) => {
    const t = index + 1;
    for (const { positions, adapts } of weights) {
      const update = positions.map((i) => {
        m[i] = beta1 * m[i]! + (1 - beta1) * gradient[i]!;
        v[i] = beta2 * v[i]! + (1 - beta2) * gradient[i]! ** 2;
        const ratio = m[i] / (1 - beta1 ** t) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon);
        return adapts ? ratio + weightDecay * parameters[i]! : ratio;
      });
      const norms = [Math.hypot(...positions.map((i) => parameters[i]!)), Math.hypot(...update)] as const;
      const trust = adapts && norms[0] > 0 && norms[1] > 0 ? norms[0] / norms[1] : 1;
      positions.forEach((i, position) => (parameters[i] = parameters[i]! - learningRate * trust * update[position]!));
    }
    return [...parameters];
  });
}

describe('lamb', () => {
  it('gives every weight a rate of its own', async () => {
    const actual = await runOptimizer(lamb(usual), { learningRate: 0.1, shapes: [[2, 1], [1]] });
    const weights = [
      { positions: [0, 1], adapts: true },
      { positions: [2], adapts: true },
    ];
    assertClose(actual, lambByTheBook(weights, 0.1));
  });

  it('takes the norm of all elements of a single weight', async () => {
    const actual = await runOptimizer(lamb(usual), { learningRate: 0.1, shapes: [[1, 3, 1]] });
    assertClose(actual, lambByTheBook([{ positions: [0, 1, 2], adapts: true }], 0.1));
  });

  it('follows Adam where weights do not decay', async () => {
    const actual = await runOptimizer(lamb(usual), { learningRate: 0.1, decays: false });
    assertClose(actual, lambByTheBook([{ positions: [0, 1, 2], adapts: false }], 0.1));
  });

  it('leaves a weight alone that has neither gradient nor decay', async () => {
    const still = gradients.map(() => [0, 0, 0]);
    const actual = await runOptimizer(lamb({ ...usual, weightDecay: 0 }), { learningRate: 0.1, gradients: still });
    assertClose(
      actual,
      still.map(() => initial),
    );
  });
});
