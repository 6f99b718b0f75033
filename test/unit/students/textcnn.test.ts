import assert from 'node:assert/strict';
import { randomStream } from '../../../src/data/random.ts';
import { buildStudent } from '../../../src/students/buildStudent.ts';
import { estimateStudent } from '../../../src/students/estimate.ts';
import type { NetworkForm } from '../../../src/students/networkForm.ts';
import {
  checkForward,
  checkGradients,
  crossEntropy,
  largestOfRows,
  learn,
  weightedSum,
} from '../../support/studentChecks.ts';
import { textFeeds, textsWithOrder } from '../../support/texts.ts';

const architecture = { architecture: 'textcnn', embedding: 5, widths: [1, 2, 3], filters: 4, dropout: 0.5 } as const;
const formOf = (length: number): NetworkForm => ({
  samples: { kind: 'tokens', length, vocabulary: 9, padding: 0 },
  output: { kind: 'logits', classes: 2 },
});

const build = (length = 6) => buildStudent(architecture, formOf(length), randomStream(3, 'weights'));

describe('textcnn', () => {
  it('has the parameters and multiply-accumulates of its formula', () => {
    const { parameters, macs } = estimateStudent(architecture, formOf(6));
    assert.equal(parameters, 9 * 5 + (1 + 2 + 3) * 5 * 4 + 3 * 4 + (12 + 1) * 2);
    assert.equal(macs, 6 * (1 + 2 + 3) * 5 * 4 + 12 * 2);
  });

  it('computes the same whatever stands at padding, and however much of it', async () => {
    const texts = [[3, 4, 5], [1, 2, 3, 4, 5, 6], [7]];
    const computed = await checkForward(build(), textFeeds(texts, { length: 6, padding: 0 }));
    assert.deepEqual((await checkForward(build(), textFeeds(texts, { length: 6, padding: 8 }))).data, computed.data);
    const padded = await checkForward(build(20), textFeeds(texts, { length: 20, padding: 0 }));
    padded.data.forEach((value, index) => {
      assert.ok(Math.abs(value - computed.data[index]!) < 1e-5, `${value} is not ${computed.data[index]}`);
    });
  });

  it('has right gradients', async () => {
    await checkGradients(
      build(),
      textFeeds([[3, 4, 5], [1, 2, 3, 4, 5, 6], [7]], { length: 6, padding: 0 }),
      weightedSum('logits'),
    );
  });

  it('learns which of two words comes first', async () => {
    const { feeds, labels } = textsWithOrder();
    const { losses, trained } = await learn(build(), feeds, crossEntropy(labels, 2), {
      steps: 150,
      learningRate: 0.02,
    });
    assert.ok(losses[0]! > 0.5 && losses.at(-1)! < 0.05, `${losses[0]} … ${losses.at(-1)}`);
    assert.deepEqual(largestOfRows(await checkForward(trained, feeds)), labels);
  });
});
