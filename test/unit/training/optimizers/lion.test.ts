import { lion } from '../../../../src/training/optimizers/lion.ts';
import { assertClose, gradients, initial, runOptimizer } from '../../../support/optimizerRun.ts';

/** Program 1 of arXiv 2302.06675, with decoupled weight decay. */
function lionByTheBook(learningRate: number, beta1: number, beta2: number, keep: number): number[][] {
  const parameters = [...initial];
  const moment = [0, 0, 0];
  return gradients.map((gradient) => {
    gradient.forEach((g, i) => {
      const direction = beta1 * moment[i]! + (1 - beta1) * g;
      moment[i] = beta2 * moment[i]! + (1 - beta2) * g;
      parameters[i] = keep * parameters[i]! - learningRate * Math.sign(direction);
    });
    return [...parameters];
  });
}

describe('lion', () => {
  it('moves every weight by the learning rate, in the direction of an interpolated moment', async () => {
    const actual = await runOptimizer(lion({ beta1: 0.9, beta2: 0.99, weightDecay: 0 }), { learningRate: 0.01 });
    assertClose(actual, lionByTheBook(0.01, 0.9, 0.99, 1));
  });

  it('with other betas and weight decay', async () => {
    const actual = await runOptimizer(lion({ beta1: 0.5, beta2: 0.8, weightDecay: 0.5 }), { learningRate: 0.1 });
    assertClose(actual, lionByTheBook(0.1, 0.5, 0.8, 0.95));
  });

  it('leaves a weight alone that never had a gradient', async () => {
    const optimizer = lion({ beta1: 0.9, beta2: 0.99, weightDecay: 0 });
    const still = gradients.map(() => [0, 0, 0]);
    const history = await runOptimizer(optimizer, { learningRate: 0.01, gradients: still });
    assertClose(
      history,
      still.map(() => initial),
    );
  });
});
