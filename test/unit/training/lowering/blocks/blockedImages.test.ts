import assert from 'node:assert/strict';
import { sumOver } from '../../../../../src/autodiff/layout.ts';
import { Graph, ints } from '../../../../../src/onnx/graph.ts';
import type { Value } from '../../../../../src/onnx/node.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../../support/lowered.ts';

interface Built {
  readonly graph: Graph;
  /** Two convolutions' images, [2, 32, 6, 5]. */
  readonly left: Value;
  readonly right: Value;
  /** Adds an input. */
  readonly input: (name: string, shape: readonly number[]) => Value;
}

interface Case {
  readonly title: string;
  readonly build: (built: Built) => Value | readonly Value[];
  /** Operators when blocks are used, with the two convolutions, but for what prepares their inputs. */
  readonly left: readonly string[];
}

const clip = ({ graph }: Built, value: Value) => graph.op('Clip', [value, graph.scalar(0), graph.scalar(6)]);

const cases: readonly Case[] = [
  {
    title: 'an activation',
    build: ({ graph, left }) => graph.op('Sigmoid', [left]),
    left: ['Conv', 'Sigmoid', 'ReorderOutput'],
  },
  {
    title: 'a chain, reordered once at its end',
    build: (built) => built.graph.op('Tanh', [built.graph.op('Sub', [clip(built, built.left), built.right])]),
    left: ['Conv', 'Conv', 'Clip', 'Sub', 'Tanh', 'ReorderOutput'],
  },
  {
    title: 'a mask of what is above 0',
    build: ({ graph, left, right }) => {
      const mask = graph.op('Greater', [left, graph.scalar(0)]);
      return graph.op('Mul', [right, graph.op('Cast', [mask], { to: { kind: 'int', value: 1 } })]);
    },
    left: ['Conv', 'Conv', 'HardSigmoid', 'Mul', 'ReorderOutput'],
  },
  {
    title: 'another mask',
    build: ({ graph, left, right }) => {
      const mask = graph.op('Equal', [left, graph.op('Abs', [left])]);
      return graph.op('Mul', [right, graph.op('Cast', [mask], { to: { kind: 'int', value: 1 } })]);
    },
    left: ['Conv', 'Conv', 'Abs', 'Equal', 'Cast', 'Mul', 'ReorderOutput'],
  },
  {
    title: 'rows before channels',
    build: ({ graph, left }) => graph.op('Transpose', [left], { perm: ints([0, 2, 1, 3]) }),
    left: ['Conv', 'ReorderOutput'],
  },
  {
    title: "rows of two samples' channels",
    build: ({ graph, left }) => {
      const apart = graph.op('Reshape', [left, graph.integers([1, 2, 32, 6, 5])]);
      return graph.op('Transpose', [apart], { perm: ints([0, 3, 2, 1, 4]) });
    },
    left: ['Conv', 'ReorderOutput'],
  },
  {
    title: 'truths that are read as they are',
    build: ({ graph, left, right }) => graph.op('Where', [graph.op('Less', [left, right]), left, right]),
    left: ['Conv', 'Conv', 'Less', 'Where', 'ReorderOutput'],
  },
  {
    title: 'an image that is in no blocks yet',
    build: ({ graph, left, input }) => graph.op('Mul', [left, input('plain', [2, 32, 6, 5])]),
    left: ['Conv', 'Mul', 'ReorderOutput'],
  },
  {
    title: 'a normalisation by given statistics',
    build: ({ graph, left, input }) => {
      const [scale, bias, mean] = ['scale', 'bias', 'mean'].map((name) => input(name, [32]));
      const variance = graph.op('Exp', [input('logarithm', [32])]);
      return graph.op('BatchNormalization', [left, scale, bias, mean, variance], {
        epsilon: { kind: 'float', value: 0.01 },
      });
    },
    left: ['Conv', 'Conv', 'Exp', 'Add', 'Sqrt', 'Div', 'Mul', 'Sub', 'ReorderOutput'],
  },
  {
    title: 'numbers per channel',
    build: ({ graph, left, input }) => {
      const moved = graph.op('Sub', [left, input('moved', [1, 32, 1, 1])]);
      const scaled = graph.op('Mul', [input('scale', [32, 1, 1]), moved]);
      return graph.op('Add', [scaled, input('added', [1, 32, 1, 1])]);
    },
    left: ['Conv', 'Conv', 'Conv', 'Conv', 'Neg', 'ReorderOutput'],
  },
  {
    title: 'numbers per channel of each sample, expanded or not',
    build: ({ graph, left, input }) => {
      const excited = graph.op('Mul', [left, input('excitation', [2, 32, 1, 1])]);
      const expanded = graph.op('Expand', [input('pooled', [2, 32, 1, 1]), graph.integers([2, 32, 6, 5])]);
      return graph.op('Mul', [expanded, excited]);
    },
    left: ['Conv', 'Conv', 'Conv', 'ReorderOutput'],
  },
  {
    title: 'numbers of each sample stay as they are',
    build: ({ graph, left, input }) => graph.op('Mul', [left, input('factors', [2, 1, 1, 1])]),
    left: ['Conv', 'ReorderOutput', 'Mul'],
  },
  {
    title: 'a sum that the convolution before it takes with it, and a rectifier',
    build: ({ graph, left, right }) => graph.op('Relu', [graph.op('Add', [graph.op('Tanh', [left]), right])]),
    left: ['Conv', 'Conv', 'Tanh', 'ReorderOutput'],
  },
  {
    title: 'a sum with an image that is read later, which is copied before',
    build: ({ graph, left, right }) => {
      const kept = graph.op('Tanh', [left]);
      return [graph.op('Add', [right, kept]), graph.op('Abs', [kept])];
    },
    left: ['Conv', 'Conv', 'Conv', 'Tanh', 'Abs', 'ReorderOutput', 'ReorderOutput'],
  },
  {
    title: 'a sum whose parts others read',
    build: ({ graph, left, right }) => [
      graph.op('Add', [left, right]),
      graph.op('Abs', [left]),
      graph.op('Abs', [right]),
    ],
    left: ['Conv', 'Conv', 'Add', 'Abs', 'Abs', 'ReorderOutput', 'ReorderOutput', 'ReorderOutput'],
  },
  {
    title: 'sums over the positions of each channel',
    build: ({ graph, left }) => sumOver(graph, left, [0, 2, 3], false),
    left: ['Conv', 'ReduceSum', 'MatMul'],
  },
  {
    title: 'sums of products, without the product',
    build: ({ graph, left, right }) => sumOver(graph, graph.op('Mul', [left, right]), [0, 2, 3], false),
    left: ['Conv', 'Conv', 'Conv', 'MatMul'],
  },
  {
    title: 'sums of a product that others read',
    build: ({ graph, left, right }) => {
      const product = graph.op('Mul', [left, right]);
      return [sumOver(graph, product, [0, 2, 3], true), product];
    },
    left: ['Conv', 'Conv', 'Mul', 'ReduceSum', 'MatMul', 'ReorderOutput'],
  },
  {
    title: 'what is no element or channel of it stays as it is',
    build: ({ graph, left, input }) => graph.op('Mul', [left, input('columns', [5])]),
    left: ['Conv', 'ReorderOutput', 'Mul'],
  },
];

/** Two convolutions, whose images are in blocks, and what follows. */
function graphOf({ build }: Case): Graph {
  const graph = new Graph();
  const input = (name: string, shape: readonly number[]) => graph.input(name, 'float32', shape);
  const convolution = (name: string) =>
    graph.op('Conv', [input(`${name}.image`, [2, 16, 6, 5]), input(`${name}.weights`, [32, 16, 3, 3])], {
      pads: ints([1, 1, 1, 1]),
    });
  const built = build({ graph, left: convolution('left'), right: convolution('right'), input });
  for (const value of [built].flat()) graph.output(value);
  return graph;
}

const prepares: ReadonlySet<string> = new Set(['Gather', 'ReorderInput', 'Reshape', 'Transpose']);

describe('images in blocks', () => {
  for (const one of cases) {
    it(`are computed with as plain ones are: ${one.title}`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = graphOf(one);
      const lowered = lowerForCpu(graph, block);
      await assertSameOutputs(graph, lowered);
      const operators = lowered.nodes.map(({ operator }) => operator).filter((operator) => !prepares.has(operator));
      assert.deepEqual(operators.sort(), [...one.left].sort());
    });
  }
});
