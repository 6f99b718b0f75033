import assert from 'node:assert/strict';
import { sgd } from '../../../../src/training/optimizers/sgd.ts';
import { assertClose, gradients, initial, runOptimizer } from '../../../support/optimizerRun.ts';

describe('sgd', () => {
  it('with momentum accumulates a velocity', async () => {
    const parameters = [...initial];
    const velocity = [0, 0, 0];
    const expected = gradients.map((gradient) => {
      gradient.forEach((g, i) => {
        velocity[i] = 0.9 * velocity[i]! + g;
        parameters[i] = parameters[i]! - 0.1 * velocity[i];
      });
      return [...parameters];
    });
    assertClose(
      await runOptimizer(sgd({ momentum: 0.9, nesterov: false, weightDecay: 0 }), { learningRate: 0.1 }),
      expected,
    );
  });

  it("with Nesterov's momentum equals PyTorch", async () => {
    // PyTorch 1.13.1: torch.optim.SGD([p], lr=0.1, momentum=0.9, nesterov=True), float64, gradients set before every step
    assertClose(await runOptimizer(sgd({ momentum: 0.9, nesterov: true, weightDecay: 0 }), { learningRate: 0.1 }), [
      [0.905, -0.62, 0.49981],
      [0.8455, -0.268, 0.500109],
      [0.85795, -0.8012, 0.5001981],
      [0.804155, -1.01608, 0.50008829],
    ]);
  });

  it('without momentum keeps no state and follows the gradient', async () => {
    const optimizer = sgd({ momentum: 0, nesterov: false, weightDecay: 0.1 });
    assert.deepEqual(optimizer.slots, []);
    const parameters = [...initial];
    const expected = gradients.map((gradient) => {
      gradient.forEach((g, i) => (parameters[i] = parameters[i]! * 0.99 - 0.1 * g));
      return [...parameters];
    });
    assertClose(await runOptimizer(optimizer, { learningRate: 0.1 }), expected);
  });
});
