import assert from 'node:assert/strict';
import { Graph } from '../../../../../src/onnx/graph.ts';
import type { Value } from '../../../../../src/onnx/node.ts';
import { lowerForCpu } from '../../../../../src/training/lowering/lowerForCpu.ts';
import { assertSameOutputs, blockSizeOrSkip } from '../../../../support/lowered.ts';

interface Case {
  readonly title: string;
  readonly shape: readonly number[];
  readonly build: (graph: Graph, x: Value, y: Value) => Value | readonly Value[];
  readonly operators: readonly string[];
}

const large = [2, 16, 9, 64];

const cases: readonly Case[] = [
  {
    title: 'constants',
    shape: large,
    build: (graph, x) => graph.op('Add', [graph.op('Mul', [x, graph.scalar(0.9)]), graph.scalar(2)]),
    operators: ['Conv', 'Expand', 'Expand'],
  },
  {
    title: 'a sum with another image stays',
    shape: large,
    build: (graph, x, y) => graph.op('Add', [graph.op('Mul', [x, graph.scalar(0.9)]), y]),
    operators: ['Add', 'Mul'],
  },
  {
    title: 'numbers that are fed',
    shape: large,
    build: (graph, x) => {
      const [factor, summand] = ['factor', 'summand'].map((name) => graph.input(name, 'float32', [1]));
      return graph.op('Add', [graph.op('Mul', [x, factor]), summand]);
    },
    operators: ['Conv', 'Expand', 'Expand'],
  },
  {
    title: 'a product that others read stays',
    shape: large,
    build: (graph, x) => {
      const product = graph.op('Mul', [x, graph.scalar(0.9)]);
      return [graph.op('Add', [product, graph.scalar(2)]), product];
    },
    operators: ['Add', 'Mul'],
  },
  {
    title: 'few elements stay',
    shape: [1, 16, 4, 4],
    build: (graph, x) => graph.op('Add', [graph.op('Mul', [x, graph.scalar(0.9)]), graph.scalar(2)]),
    operators: ['Add', 'Mul'],
  },
];

describe('sums with a number times an image', () => {
  for (const { title, shape, build, operators } of cases) {
    it(`are computed in one pass: ${title}`, async function () {
      const block = await blockSizeOrSkip(this);
      const graph = new Graph();
      const [x, y] = ['x', 'y'].map((name) => graph.input(name, 'float32', shape));
      for (const value of [build(graph, x!, y!)].flat()) graph.output(value);
      const lowered = lowerForCpu(graph, block);
      await assertSameOutputs(graph, lowered);
      const left = lowered.nodes.map(({ operator }) => operator).filter((operator) => operator !== 'Reshape');
      assert.deepEqual(left.sort(), [...operators].sort());
    });
  }
});
