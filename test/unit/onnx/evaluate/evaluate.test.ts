import assert from 'node:assert/strict';
import { InferenceSession } from '../../../../src/platform/onnxRuntime.ts';
import { Random } from '../../../../src/data/random.ts';
import { exportModel } from '../../../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../../../src/onnx/file.ts';
import { Graph, int, ints } from '../../../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../../../src/onnx/node.ts';
import { floatTensor, intTensor, toNumbers } from '../../../../src/onnx/tensor.ts';

/** A node all of whose inputs are constants. */
interface EvaluationCase {
  readonly title: string;
  readonly build: (graph: Graph, random: Random) => Value;
}

const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)]!;

/** Integers of −4 … 4 without 0. */
const integers = (random: Random, shape: readonly number[]) => {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Array.from({ length: count }, () => (1 + random.integer(4)) * (random.integer(2) === 0 ? -1 : 1));
  return intTensor(values, shape);
};

const floats = (random: Random, shape: readonly number[]) => {
  const { data } = integers(random, shape);
  return floatTensor(
    Array.from(data, (value) => Number(value) / 2),
    shape,
  );
};

const binary = ['Add', 'Sub', 'Mul', 'Div', 'Mod', 'Max', 'Min', 'Pow', 'Equal', 'Greater', 'Less', 'LessOrEqual'];
const unary = ['Abs', 'Neg', 'Sign', 'Floor', 'Ceil', 'Round', 'Reciprocal', 'Exp'];
const reductions = ['ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin'];

const cases: readonly EvaluationCase[] = [
  ...binary.flatMap((operator): EvaluationCase[] =>
    [integers, floats].map((numbers) => ({
      title: `${operator} of ${numbers === integers ? 'integers' : 'floats'}`,
      build: (graph, random) => {
        const right = graph.constant(
          operator === 'Pow' ? numbers(random, [1]) : numbers(random, pick(random, [[], [3], [2, 1]])),
        );
        const attributes: Attributes = operator === 'Mod' && numbers === floats ? { fmod: int(1) } : {};
        return graph.op(operator, [graph.constant(numbers(random, [2, 3])), right], attributes);
      },
    })),
  ),
  ...unary.map((operator): EvaluationCase => ({
    title: operator,
    build: (graph, random) => graph.op(operator, [graph.constant(floats(random, [2, 3]))]),
  })),
  ...['And', 'Or', 'Xor'].map((operator): EvaluationCase => ({
    title: operator,
    build: (graph, random) => {
      const [left, right] = [0, 1].map(() =>
        graph.op('Greater', [graph.constant(integers(random, [6])), graph.constant(intTensor(0))]),
      );
      return graph.op(operator, [left, graph.op('Not', [right])]);
    },
  })),
  {
    title: 'Where',
    build: (graph, random) => {
      const condition = graph.op('Equal', [graph.constant(integers(random, [3])), graph.constant(intTensor(1))]);
      return graph.op('Where', [
        condition,
        graph.constant(integers(random, [2, 1])),
        graph.constant(integers(random, [])),
      ]);
    },
  },
  {
    title: 'Cast',
    build: (graph, random) =>
      graph.op('Cast', [graph.constant(floats(random, [5]))], { to: int(pick(random, [6, 7, 9, 11])) }),
  },
  {
    title: 'Gather',
    build: (graph, random) => {
      const indices = pick(random, [intTensor(1), intTensor([-1, 0]), intTensor([1, 1, 0, -2], [2, 2])]);
      const inputs = [graph.constant(integers(random, [2, 3, 2])), graph.constant(indices)];
      return graph.op('Gather', inputs, { axis: int(pick(random, [0, 1, -1])) });
    },
  },
  {
    title: 'Slice',
    build: (graph, random) => {
      const [start, end, step] = pick(random, [[0, 3, 1], [-1, -(2 ** 63), -1], [4, 0, -2], [1, 2 ** 63, 2]]); // prettier-ignore
      const bounds = [start, end, pick(random, [0, 1, -1]), step].map((value) => graph.integers([value]));
      return graph.op('Slice', [graph.constant(integers(random, [5, 4])), ...bounds]);
    },
  },
  {
    title: 'Concat',
    build: (graph, random) => {
      const axis = random.integer(2);
      const shapes = axis === 0 ? [[1, 3], [2, 3]] : [[2, 1], [2, 3]]; // prettier-ignore
      return graph.op(
        'Concat',
        shapes.map((shape) => graph.constant(integers(random, shape))),
        { axis: int(axis) },
      );
    },
  },
  {
    title: 'Transpose',
    build: (graph, random) => {
      const perm = ints(random.shuffle([0, 1, 2]));
      return graph.op(
        'Transpose',
        [graph.constant(integers(random, [2, 3, 4]))],
        pick<Attributes>(random, [{}, { perm }]),
      );
    },
  },
  {
    title: 'Tile and Expand',
    build: (graph, random) => {
      const tiled = graph.op('Tile', [graph.constant(integers(random, [1, 2])), graph.integers([2, 3])]);
      return graph.op('Expand', [tiled, graph.integers([2, 1, 6])]);
    },
  },
  {
    title: 'Reshape, Unsqueeze, Squeeze and Flatten',
    build: (graph, random) => {
      const reshaped = graph.op('Reshape', [graph.constant(integers(random, [2, 3])), graph.integers([3, -1])]);
      const unsqueezed = graph.op('Unsqueeze', [reshaped, graph.integers([0, 2])]);
      return graph.op('Flatten', [graph.op('Squeeze', [unsqueezed, graph.integers([2])])], { axis: int(2) });
    },
  },
  {
    title: 'ConstantOfShape',
    build: (graph, random) => {
      const value: Attributes = pick<Attributes>(random, [{}, { value: { kind: 'tensor', value: intTensor([7]) } }]);
      return graph.op('ConstantOfShape', [graph.integers([2, 3])], value);
    },
  },
  {
    title: 'Range',
    build: (graph, random) =>
      graph.op(
        'Range',
        pick(random, [[0, 5, 2], [5, -1, -3], [2, 2, 1]]).map((value) => graph.constant(intTensor(value))), // prettier-ignore
      ),
  },
  ...reductions.map((operator): EvaluationCase => ({
    title: operator,
    build: (graph, random) => {
      const axes = pick(random, [undefined, [0], [-1], [0, 2]]);
      const inputs = [graph.constant(integers(random, [2, 3, 2])), axes && graph.integers(axes)];
      return graph.op(operator, inputs, { keepdims: int(random.integer(2)) });
    },
  })),
  {
    title: 'Shape, Size and their arithmetic',
    build: (graph, random) => {
      const matrix = graph.constant(integers(random, [3, 4]));
      return graph.op('Mul', [graph.op('Shape', [matrix]), graph.op('Size', [matrix])]);
    },
  },
];

describe('evaluation of constants equals what ONNX Runtime computes', () => {
  for (const { title, build } of cases) {
    it(title, async () => {
      for (const seed of [0, 1, 2, 3, 4, 5]) {
        const graph = new Graph();
        const value = graph.output(build(graph, new Random(seed)));
        const known = graph.known.get(value.name);
        assert.ok(known, 'it was not evaluated');
        const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'test' })), {
          intraOpNumThreads: 1,
          logSeverityLevel: 3,
        });
        const actual = (await session.run({}))[value.name]!;
        await session.release();
        assert.deepEqual([known.type, known.shape], [actual.type, actual.dims]);
        const numbers = Array.from(actual.data as ArrayLike<number | bigint>, Number);
        toNumbers(known).forEach((number, index) => {
          const close = Math.abs(number - numbers[index]!) <= 1e-6 * Math.abs(number);
          assert.ok(close || Object.is(number, numbers[index]), `${number} is not ${numbers[index]}`);
        });
        assert.equal(known.data.length, numbers.length);
      }
    });
  }

  it('leaves a division by zero and large results to the runtime', () => {
    const graph = new Graph();
    const zero = graph.constant(intTensor([0]));
    assert.equal(graph.known.get(graph.op('Div', [zero, zero]).name), undefined);
    const large = graph.op('ConstantOfShape', [graph.integers([100, 100])]);
    assert.deepEqual(large.shape, [100, 100]);
    assert.equal(graph.known.get(large.name), undefined);
  });
});
