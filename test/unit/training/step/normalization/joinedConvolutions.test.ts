import assert from 'node:assert/strict';
import { gradients } from '../../../../../src/autodiff/gradients.ts';
import { Random } from '../../../../../src/data/random.ts';
import { copyGraph } from '../../../../../src/onnx/copy.ts';
import { dimensionsOf, float, Graph, int, ints } from '../../../../../src/onnx/graph.ts';
import type { Attribute, Value } from '../../../../../src/onnx/node.ts';
import { pruneGraph } from '../../../../../src/onnx/prune.ts';
import { elementCount, floatTensor } from '../../../../../src/onnx/tensor.ts';
import { lowerGraph } from '../../../../../src/training/lowering/lowerGraph.ts';
import { TrainedForm } from '../../../../../src/training/step/trainedForm.ts';
import { blockSizeOrSkip } from '../../../../support/lowered.ts';
import { runGraph } from '../../../../support/onnxruntime.ts';
import { arrayOf, type NumberArray } from '../../../../support/reference/array.ts';
import { evaluate } from '../../../../support/reference/evaluate.ts';

interface Case {
  readonly title: string;
  readonly image: readonly number[];
  readonly weights: readonly number[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly hasBias?: boolean;
  /** Whether a convolution makes the normalisation's output itself. */
  readonly folds: boolean;
}

const cases: readonly Case[] = [
  { title: 'few channels made many, one entry', image: [3, 2, 3, 2], weights: [5, 2, 1, 1], folds: true },
  { title: 'the same with a bias', image: [2, 2, 2, 3], weights: [4, 2, 1, 1], hasBias: true, folds: true },
  { title: 'one entry, as many channels', image: [3, 3, 2, 2], weights: [3, 3, 1, 1], folds: false },
  {
    title: '3×3 with a bias, padded',
    image: [2, 2, 3, 4],
    weights: [3, 2, 3, 3],
    attributes: { pads: ints([1, 1, 1, 1]) },
    hasBias: true,
    folds: false,
  },
  {
    title: 'one channel per group, padded',
    image: [2, 3, 4, 3],
    weights: [3, 1, 3, 3],
    attributes: { group: int(3), pads: ints([1, 1, 1, 1]) },
    folds: false,
  },
  {
    title: 'an image that is larger than what is made of it',
    image: [2, 2, 6, 6],
    weights: [2, 2, 3, 3],
    attributes: { strides: ints([2, 2]), pads: ints([1, 1, 1, 1]) },
    folds: false,
  },
];

/** Σ w ⊙ relu(normalised convolution), its gradients and what the running statistics become. */
function build({ image, weights, attributes = {}, hasBias = false }: Case, joins: boolean): Graph {
  const filters = weights[0] ?? 1;
  const network = new Graph();
  const statistics = ['mean', 'variance'];
  const shapes = new Map<string, readonly number[]>([
    ['x', image],
    ['weights', weights],
    ...['scale', 'bias', 'own', ...statistics].map((name) => [name, [filters]] as const),
  ]);
  const inputsOf = (graph: Graph) =>
    new Map([...shapes].map(([name, shape]) => [name, graph.input(name, 'float32', shape)] as const));
  const given = inputsOf(network);
  const of = (name: string): Value => given.get(name)!;
  const convolved = network.op('Conv', [of('x'), of('weights'), ...(hasBias ? [of('own')] : [])], attributes);
  const normalized = network.op('BatchNormalization', [convolved, ...['scale', 'bias', ...statistics].map(of)], {
    epsilon: float(0.01),
    momentum: float(0.75),
  });
  network.output(network.op('Relu', [normalized]), 'y');

  const graph = new Graph();
  const slots = statistics.map((name) => ({ name, shape: [filters], offset: 0, length: filters }));
  const form = new TrainedForm(graph, network, { name: 'statistics', slots, length: 2 * filters }, joins);
  const bindings = inputsOf(graph);
  const copies = copyGraph(graph, network, { bindings, prefix: 'network.', rewrite: form.rewrite });
  const y = copies.get('y')!;
  const random = new Random(5);
  const data = Array.from({ length: elementCount(dimensionsOf(y)) }, () => random.normal());
  const weighted = graph.op('Mul', [y, graph.constant(floatTensor(data, dimensionsOf(y)))]);
  const loss = graph.op('ReduceSum', [weighted], { keepdims: int(0) });
  const trained = ['x', 'weights', 'scale', 'bias'];
  const found = gradients(
    graph,
    loss,
    trained.map((name) => bindings.get(name)!),
    form.composites,
  );
  found.forEach((gradient, index) => graph.output(gradient, `gradient of ${trained[index]}`));
  graph.output(loss, 'loss');
  for (const name of statistics) graph.output(form.successors.get(name)!, `${name} after`);
  return pruneGraph(graph);
}

function feedsOf(graph: Graph): Map<string, NumberArray> {
  const random = new Random(3);
  return new Map(
    graph.inputs.map((input) => {
      const shape = dimensionsOf(input);
      // Channels whose mean is far from 0 beside their deviation.
      const level = input.name === 'x' ? 2 : 0;
      return [
        input.name,
        arrayOf(
          shape,
          Array.from({ length: elementCount(shape) }, () => level + random.uniform(-1, 1)),
        ),
      ] as const;
    }),
  );
}

function assertSame(
  actual: ReadonlyMap<string, NumberArray>,
  expected: ReadonlyMap<string, NumberArray>,
  tolerance: number,
  graph: Graph,
): void {
  for (const { name } of graph.outputs) {
    const [one, other] = [actual.get(name)!, expected.get(name)!];
    assert.deepEqual(one.shape, other.shape, name);
    other.data.forEach((value, index) => {
      const difference = Math.abs((one.data[index] ?? NaN) - value);
      assert.ok(difference <= tolerance * (1 + Math.abs(value)), `${name} ${index}: ${one.data[index]}, not ${value}`);
    });
  }
}

describe('normalisations joined with the convolutions before them', () => {
  for (const given of cases) {
    it(`${given.title}: outputs, gradients and statistics are those of one after the other`, () => {
      const [joined, apart] = [build(given, true), build(given, false)];
      const feeds = feedsOf(apart);
      assertSame(evaluate(joined, feeds), evaluate(apart, feeds), 1e-9, apart);
      const normalizations = joined.nodes.filter(({ operator }) => operator === 'BatchNormalization');
      assert.equal(normalizations.length === 0, given.folds);
      const centres = joined.nodes.some(
        ({ operator, outputs: [y] }) =>
          operator === 'Sub' && y?.shape.join() === normalizations[0]?.outputs[0]?.shape.join(),
      );
      assert.equal(centres, elementCount(given.image) > 100);
    });
  }

  it('have the gradients of central differences', () => {
    const graph = build(cases[0]!, true);
    const feeds = feedsOf(graph);
    const results = evaluate(graph, feeds);
    for (const name of ['x', 'weights', 'scale', 'bias']) {
      const array = feeds.get(name)!;
      const gradient = results.get(`gradient of ${name}`)!;
      array.data.forEach((_, element) => {
        const lossAt = (change: number): number => {
          const data = Array.from(array.data, (value, other) => (other === element ? value + change : value));
          return evaluate(graph, new Map([...feeds, [name, arrayOf(array.shape, data)]])).get('loss')!.data[0]!;
        };
        const difference = (lossAt(1e-5) - lossAt(-1e-5)) / 2e-5;
        assert.ok(Math.abs(gradient.data[element]! - difference) < 1e-7, `${name} ${element}`);
      });
    }
  });

  it('are the same in blocks', async function () {
    const block = await blockSizeOrSkip(this);
    for (const [image, weights] of [
      [
        [2, block, 4, 8],
        [3 * block, block, 1, 1],
      ],
      [
        [2, 24, 4, 8],
        [6 * block, 24, 1, 1],
      ],
      [
        [2, block, 4, 4],
        [block, block, 3, 3],
      ],
    ] as const) {
      const attributes: Case['attributes'] = { pads: ints(weights[2] === 3 ? [1, 1, 1, 1] : [0, 0, 0, 0]) };
      const graph = build({ title: '', image, weights, attributes, folds: false }, true);
      const feeds = feedsOf(graph);
      assertSame(await runGraph(lowerGraph(graph, block), feeds), await runGraph(graph, feeds), 1e-4, graph);
    }
  });
});
