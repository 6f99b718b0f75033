import assert from 'node:assert/strict';
import { gradients } from '../../../src/autodiff/gradients.ts';
import { fakeQuantize } from '../../../src/onnx/fakeQuantize.ts';
import { Graph } from '../../../src/onnx/graph.ts';
import { lowerGraph } from '../../../src/training/lowering/lowerGraph.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';
import { reference } from './fakeQuantization.pytorch.ts';

interface Levels {
  readonly lowest: number;
  readonly highest: number;
}

/** Rounding as the runtime has it: ties to even. */
function toEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** What is computed, and its gradients for the loss Σ weights · y. */
async function computed(
  x: readonly number[],
  scale: number,
  levels: Levels,
  weights: readonly number[],
  origin: 'learned' | 'observed' = 'learned',
) {
  const graph = new Graph();
  const values = graph.input('x', 'float32', [x.length]);
  const step = graph.input('scale', 'float32', []);
  const rounded = fakeQuantize(graph, values, step, { ...levels, scale: origin });
  const product = graph.op('Mul', [rounded, graph.floats(weights, [weights.length])]);
  const loss = graph.op('ReduceSum', [product], { keepdims: { kind: 'int', value: 0 } });
  const [dx, ds] = gradients(graph, loss, [values, step]);
  graph.output(rounded, 'y');
  graph.output(dx!, 'dx');
  graph.output(ds!, 'ds');
  const results = await runGraph(
    lowerGraph(graph, undefined),
    new Map([
      ['x', arrayOf([x.length], x)],
      ['scale', arrayOf([], [scale])],
    ]),
  );
  const read = (name: string) => Array.from(results.get(name)!.data);
  return { y: read('y'), dx: read('dx'), ds: read('ds')[0]! };
}

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length);
  const most = Math.max(1, ...expected.map(Math.abs));
  actual.forEach((value, index) => {
    const difference = Math.abs(value - expected[index]!);
    assert.ok(difference <= 1e-5 * most, `${what}[${index}]: ${value}, not ${expected[index]}`);
  });
}

describe('fake quantisation', () => {
  it('has the values and the gradients of PyTorch', async () => {
    for (const { x, scale, zeroPoint, lowest, highest, weights, y, dx, ds } of reference) {
      const levels = { lowest: lowest - zeroPoint, highest: highest - zeroPoint };
      const ours = await computed(x, scale, levels, weights);
      assertNear(ours.y, y, 'y');
      assertNear(ours.dx, dx, 'dx');
      assertNear([ours.ds], [ds], 'ds');
    }
  });

  it('has the gradients of what it computes when what rounding adds is held fast', async () => {
    const x = [-3.3, -1.21, -0.4, 0.03, 0.77, 1.49, 2.02, 9];
    const weights = [0.3, -1, 0.7, 2, -0.2, 1.1, -0.9, 0.5];
    const scale = 0.3;
    const levels = { lowest: -5, highest: 9 };
    const added = x.map((value) => toEven(value / scale) - value / scale);
    /** Linear between the ends, as straight-through gradients take it. */
    const smooth = (value: number, step: number, index: number): number => {
      const level = toEven(x[index]! / scale);
      if (level < levels.lowest) return levels.lowest * step;
      if (level > levels.highest) return levels.highest * step;
      return (value / step + added[index]!) * step;
    };
    const loss = (values: readonly number[], step: number): number =>
      values.reduce((sum, value, index) => sum + weights[index]! * smooth(value, step, index), 0);
    const half = 1e-5;
    const slope = (at: (offset: number) => number): number => (at(half) - at(-half)) / (2 * half);
    const moved = (index: number, offset: number) => x.map((value, each) => (each === index ? value + offset : value));
    const ours = await computed(x, scale, levels, weights);
    assertNear(
      ours.dx,
      x.map((_, index) => slope((offset) => loss(moved(index, offset), scale))),
      'dx',
    );
    assertNear([ours.ds], [slope((offset) => loss(x, scale + offset))], 'ds');
  });

  it('takes a scale that was observed for a constant', async () => {
    const ours = await computed([-1, 0.26, 1], 1 / 127, { lowest: -127, highest: 127 }, [2, 3, 4], 'observed');
    assert.deepEqual(ours.dx, [2, 3, 4]);
    assert.equal(ours.ds, 0);
    assertNear(ours.y, [-1, 33 / 127, 1], 'y');
  });
});
