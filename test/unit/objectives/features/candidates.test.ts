import assert from 'node:assert/strict';
import { randomStream } from '../../../../src/data/random.ts';
import { listFeatureCandidates } from '../../../../src/objectives/features/candidates.ts';
import { proposePairs } from '../../../../src/objectives/features/proposePairs.ts';
import { Graph, ints } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { appendConvolution, appendNormalizedConvolution } from '../../../../src/students/layers.ts';

/** Two stages of two convolutions, pooling and a linear layer, on images of 8×8. */
function convolutional(prefix: string, channels: readonly [number, number]): Graph {
  const graph = new Graph();
  const random = randomStream(0, prefix);
  let value = graph.input('images', 'float32', ['N', 3, 8, 8]);
  channels.forEach((width, stage) => {
    for (const layer of [0, 1]) {
      const name = `${prefix}${stage}.${layer}`;
      const stride = stage === 1 && layer === 0 ? 2 : 1;
      const convolved = appendConvolution(graph, value, { name, channels: width, kernel: 3, stride }, random);
      value = graph.op('Relu', [convolved], {}, { outputs: [`${name}.relu`] });
    }
  });
  const pooled = graph.op('GlobalAveragePool', [value], {}, { outputs: [`${prefix}.pooled`] });
  const flat = graph.op('Flatten', [pooled], {}, { outputs: [`${prefix}.flat`] });
  const weight = graph.initializer('head', floatTensor(new Float32Array(channels[1] * 10), [channels[1], 10]));
  graph.output(graph.op('MatMul', [flat, weight]), 'logits');
  return graph;
}

/** An attention-free encoder of two layers: linear, activation, residual sum, normalisation. */
function encoder(width: number, layers: number): Graph {
  const graph = new Graph();
  let value = graph.input('tokens', 'float32', ['N', 'length', width]);
  for (let layer = 0; layer < layers; layer++) {
    const weight = graph.initializer(`weight${layer}`, floatTensor(new Float32Array(width * width), [width, width]));
    const vector = (name: string) => graph.initializer(`${name}${layer}`, floatTensor(new Float32Array(width)));
    const product = graph.op('MatMul', [value, weight]);
    const biased = graph.op('Add', [product, vector('bias')], {}, { outputs: [`biased${layer}`] });
    const active = graph.op('Relu', [biased], {}, { outputs: [`active${layer}`] });
    const sum = graph.op('Add', [active, value], {}, { outputs: [`sum${layer}`] });
    const parameters = [vector('scale'), vector('shift')];
    value = graph.op('LayerNormalization', [sum, ...parameters], {}, { outputs: [`hidden${layer}`] });
  }
  graph.output(graph.op('Transpose', [value], { perm: ints([0, 2, 1]) }), 'out');
  return graph;
}

describe('feature candidates', () => {
  it('of a convolutional network are its activations and pooled vectors, the last of each size marked', () => {
    const candidates = listFeatureCandidates(convolutional('a', [4, 6]));
    assert.deepEqual(
      candidates.map(({ name, stage, shape, lastOfStage }) => [name, stage, shape.join(), lastOfStage]),
      [
        ['a0.0.relu', '8×8', 'N,4,8,8', false],
        ['a0.1.relu', '8×8', 'N,4,8,8', true],
        ['a1.0.relu', '4×4', 'N,6,4,4', false],
        ['a1.1.relu', '4×4', 'N,6,4,4', true],
        ['a.pooled', 'pooled maps', 'N,6,1,1', true],
        ['a.flat', 'vectors', 'N,6', true],
      ],
    );
  });

  it('of an encoder are activations, sums and normalisations, without sums that add a bias', () => {
    const names = listFeatureCandidates(encoder(4, 2)).map(({ name }) => name);
    assert.deepEqual(names, ['active0', 'sum0', 'hidden0', 'active1', 'sum1', 'hidden1']);
  });

  it('leave out normalisations that only an activation reads, masked values and scores of an attention', () => {
    const graph = new Graph();
    const random = randomStream(0, 'candidates');
    const images = graph.input('images', 'float32', ['N', 3, 4, 4]);
    const mask = graph.input('mask', 'float32', ['N', 1, 4, 4]);
    const block = (name: string, input: Value): Value =>
      appendNormalizedConvolution(graph, input, { name, channels: 4, kernel: 3 }, random);
    const active = graph.op('Relu', [block('first', images)], {}, { outputs: ['active'] });
    const second = block('second', active);
    const joined = graph.op('Add', [active, second], {}, { outputs: ['joined'] });
    graph.op('Mul', [joined, mask], {}, { outputs: ['masked'] });
    const gate = graph.op('Sigmoid', [joined], {}, { outputs: ['gate'] });
    const gated = graph.op('Mul', [joined, gate], {}, { outputs: ['gated'] });
    const scores = graph.op('Add', [gated, second], {}, { outputs: ['scores'] });
    graph.output(graph.op('Softmax', [scores]), 'out');
    assert.deepEqual(
      listFeatureCandidates(graph).map(({ name }) => name),
      ['active', second.name, 'joined', 'gate', 'gated'],
    );
  });

  it('leave out the outputs, values without the batch, and what does not depend on both input and weights', () => {
    const graph = new Graph();
    const input = graph.input('images', 'float32', ['N', 2, 2]);
    const flat = graph.op('Flatten', [input], {}, { outputs: ['flat input'] });
    const weight = graph.initializer('weight', floatTensor(new Float32Array(16), [4, 4]));
    const images = graph.op('MatMul', [flat, weight]);
    graph.op('Relu', [weight], {}, { outputs: ['of a weight'] });
    graph.op('Relu', [graph.op('ReduceMean', [images, graph.integers([0])])], {}, { outputs: ['without batch'] });
    graph.output(graph.op('Relu', [images], {}, { outputs: ['output'] }));
    assert.deepEqual(listFeatureCandidates(graph), []);
  });
});

describe('proposed pairs', () => {
  it('join the last values of the stages that both networks have', () => {
    const student = listFeatureCandidates(convolutional('s', [2, 3]));
    const teacher = listFeatureCandidates(convolutional('t', [8, 16]));
    assert.deepEqual(proposePairs(student, teacher), [
      { student: 's0.1.relu', teacher: 't0.1.relu', stage: '8×8' },
      { student: 's1.1.relu', teacher: 't1.1.relu', stage: '4×4' },
      { student: 's.pooled', teacher: 't.pooled', stage: 'pooled maps' },
      { student: 's.flat', teacher: 't.flat', stage: 'vectors' },
    ]);
  });

  it('join the last hidden states of encoders of different depth, and nothing of networks without a common stage', () => {
    const [small, large] = [listFeatureCandidates(encoder(4, 1)), listFeatureCandidates(encoder(8, 3))];
    assert.deepEqual(proposePairs(small, large), [{ student: 'hidden0', teacher: 'hidden2', stage: 'tokens' }]);
    assert.deepEqual(proposePairs(small, listFeatureCandidates(convolutional('t', [2, 2]))), []);
  });
});
