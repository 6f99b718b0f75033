import assert from 'node:assert/strict';
import { adam } from '../../../../src/training/optimizers/adam.ts';
import { assertClose, gradients, initial, runOptimizer } from '../../../support/optimizerRun.ts';

const usual = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** Algorithm 1 of arXiv 1412.6980 in doubles, with decoupled weight decay. */
function adamByTheBook(learningRate: number, keep = 1): number[][] {
  const parameters = [...initial];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  return gradients.map((gradient, index) => {
    const t = index + 1;
    gradient.forEach((g, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * g;
      v[i] = 0.999 * v[i]! + 0.001 * g * g;
      const mHat = m[i] / (1 - 0.9 ** t);
      const vHat = v[i] / (1 - 0.999 ** t);
      parameters[i] = keep * parameters[i]! - (learningRate * mHat) / (Math.sqrt(vHat) + 1e-8);
    });
    return [...parameters];
  });
}

describe('adam', () => {
  it('follows the published algorithm', async () => {
    assertClose(await runOptimizer(adam(usual), { learningRate: 0.01 }), adamByTheBook(0.01));
  });

  it('moves nothing at a learning rate of 0, also where a weight never had a gradient', async () => {
    const run = { learningRate: 0, gradients: [[0, 3, -1e-4], gradients[0]!] };
    assertClose(await runOptimizer(adam(usual), run), [initial, initial]);
  });

  it('keeps the moments of long vectors in the shape of an image, where they divide', () => {
    const { slotShape } = adam(usual);
    const shapes = [784 * 512, 16 * 1009, 5130].map((length) => slotShape?.(length));
    assert.deepEqual(shapes, [[1, 16, 49, 512], [16 * 1009], [5130]]);
  });

  it('with weight decay shrinks the weights apart from the gradient', async () => {
    assertClose(
      await runOptimizer(adam({ ...usual, weightDecay: 2 }), { learningRate: 0.01 }),
      adamByTheBook(0.01, 0.98),
    );
  });

  // The numbers of both tests below: PyTorch 1.13.1 in float64, the same gradients set as `p.grad` before every `step()`.
  it('with other betas and epsilon equals PyTorch', async () => {
    // torch.optim.Adam([p], lr=0.01, betas=(0.8, 0.99), eps=1e-4)
    assertClose(
      await runOptimizer(adam({ ...usual, beta1: 0.8, beta2: 0.99, epsilon: 1e-4 }), { learningRate: 0.01 }),
      [
        [0.9900019996, -0.9900005, 0.4909090909],
        [0.9822820457, -0.9808518074, 0.4948690463],
        [0.9810797648, -0.9838173174, 0.4977002183],
        [0.9780322996, -0.9868082543, 0.4971060405],
      ],
    );
  });

  it("with weight decay equals PyTorch's AdamW", async () => {
    // torch.optim.AdamW([p], lr=0.01, weight_decay=0.1)
    assertClose(await runOptimizer(adam({ ...usual, weightDecay: 0.1 }), { learningRate: 0.01 }), [
      [0.9890000002, -0.989, 0.4895001],
      [0.9799805906, -0.9786892037, 0.492671612],
      [0.9768934806, -0.9797740848, 0.4950089094],
      [0.972418516, -0.9811054425, 0.4942550687],
    ]);
  });
});
