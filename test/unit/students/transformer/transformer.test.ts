import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { buildStudent, type Architecture } from '../../../../src/students/buildStudent.ts';
import { estimateStudent } from '../../../../src/students/estimate.ts';
import type { NetworkForm, OutputForm } from '../../../../src/students/networkForm.ts';
import {
  checkForward,
  checkGradients,
  crossEntropy,
  largestOfRows,
  learn,
  weightedSum,
} from '../../../support/studentChecks.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { textFeeds, textsWithOrder } from '../../../support/texts.ts';

const tiny = { architecture: 'transformer', layers: 2, heads: 2, hidden: 8, pooling: 'first' } as const;
const form = (output: OutputForm): NetworkForm => ({
  samples: { kind: 'tokens', length: 6, vocabulary: 9, padding: 0 },
  output,
});
const classes = form({ kind: 'logits', classes: 3 });

function build(architecture: Architecture, network: NetworkForm) {
  return buildStudent(architecture, network, randomStream(3, 'weights'));
}

/** Parameters of an encoder, by the formula of the papers: embeddings, then attention, dense layers and normalisations. */
function encoderParameters(of: { layers: number; hidden: number; vocabulary: number; length: number }): number {
  const { layers, hidden, vocabulary, length } = of;
  const embeddings = (vocabulary + length + 2) * hidden;
  const attention = 4 * (hidden ** 2 + hidden);
  const dense = 2 * 4 * hidden ** 2 + 4 * hidden + hidden;
  return embeddings + layers * (attention + dense + 4 * hidden);
}

describe('transformer', () => {
  it('has the parameters of BERT-base and DistilBERT, and counts multiply-accumulates', () => {
    const bert = { layers: 12, hidden: 768, vocabulary: 30_522, length: 512 };
    const estimate = (layers: number) =>
      estimateStudent(
        { architecture: 'transformer', layers, heads: 12, hidden: 768, pooling: 'first' },
        {
          samples: { kind: 'tokens', length: 512, vocabulary: 30_522, padding: 0 },
          output: { kind: 'logits', classes: 2 },
        },
      );
    const head = 768 * 2 + 2;
    // BERT-base without its pooler has 108,891,648 parameters, 2 · 768 of which are token types.
    assert.equal(encoderParameters(bert), 108_891_648 - 2 * 768);
    // DistilBERT has 66,362,880.
    assert.equal(encoderParameters({ ...bert, layers: 6 }), 66_362_880);
    assert.equal(estimate(12).parameters, encoderParameters(bert) + head);
    const distilled = estimate(6);
    assert.equal(distilled.parameters, 66_362_880 + head);
    // Per layer: four projections, two products of all pairs of tokens, two dense layers.
    const perLayer = 4 * 512 * 768 ** 2 + 2 * 512 ** 2 * 768 + 2 * 512 * 768 * 3072;
    assert.equal(distilled.macs, 6 * perLayer + 2 * 768);
  });

  it('takes the width of its dense layers from its options', () => {
    const parameters = (intermediate?: number): number =>
      estimateStudent({ ...tiny, intermediate }, classes).parameters;
    assert.equal(parameters(), parameters(32));
    assert.equal(parameters(32) - parameters(31), 2 * (8 + 1 + 8));
  });

  for (const pooling of ['first', 'mean'] as const) {
    it(`computes the same whatever stands at padding, pooling by ${pooling}`, async () => {
      const graph = build({ ...tiny, pooling, dropout: 0.1 }, classes);
      const texts = [
        [3, 4, 5],
        [1, 2, 3, 4, 5, 6],
        [7, 1],
      ];
      const computed = await checkForward(graph, textFeeds(texts, { length: 6, padding: 0 }));
      const other = await checkForward(graph, textFeeds(texts, { length: 6, padding: 8 }));
      assert.deepEqual(computed.data, other.data);
      const changed = await checkForward(graph, textFeeds([[3, 4, 6], ...texts.slice(1)], { length: 6, padding: 0 }));
      assert.notDeepEqual(computed.data.slice(0, 3), changed.data.slice(0, 3));
      assert.deepEqual(computed.data.slice(3), changed.data.slice(3));
    });
  }

  it('gives a number to a text without tokens', async () => {
    const graph = build({ ...tiny, pooling: 'mean' }, classes);
    const feeds = textFeeds([[]], { length: 6, padding: 0 });
    const logits = (await runGraph(build({ ...tiny, pooling: 'mean' }, classes), feeds)).get(graph.outputs[0]!.name)!;
    assert.ok(logits.data.every(Number.isFinite));
  });

  const outputs: readonly (readonly [string, Architecture, OutputForm])[] = [
    ['of its first token', tiny, { kind: 'logits', classes: 3 }],
    ['of the mean, with dropout', { ...tiny, pooling: 'mean', dropout: 0.2 }, { kind: 'logits', classes: 3 }],
    ['of every token', tiny, { kind: 'tokens', classes: 3 }],
    ['of a regression', tiny, { kind: 'values', shape: [2, 2] }],
  ];
  for (const [name, architecture, output] of outputs) {
    it(`has right gradients ${name}`, async () => {
      const feeds = textFeeds([[3, 4, 5], [1, 2, 3, 4, 5, 6], [7]], { length: 6, padding: 0 });
      // All keys gain the same from the key's bias, which the softmax takes out again.
      const idle = [0, 1].map((layer) => `encoder.layer.${layer}.attention.key.bias`);
      const graph = build(architecture, form(output));
      await checkGradients(graph, feeds, weightedSum(graph.outputs[0]!.name), idle);
    });
  }

  it('learns which of two words comes first', async () => {
    const { feeds, labels } = textsWithOrder();
    const graph = build(
      { architecture: 'transformer', layers: 2, heads: 2, hidden: 16, pooling: 'first' },
      form({ kind: 'logits', classes: 2 }),
    );
    const loss = crossEntropy(labels, 2);
    const { losses, trained } = await learn(graph, feeds, loss, { steps: 120, learningRate: 0.005 });
    assert.ok(losses[0]! > 0.6 && losses.at(-1)! < 0.05, `${losses[0]} … ${losses.at(-1)}`);
    assert.deepEqual(largestOfRows(await checkForward(trained, feeds)), labels);
  });
});
