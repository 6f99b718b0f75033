import assert from 'node:assert/strict';
import { Graph } from '../../../src/onnx/graph.ts';
import { adam } from '../../../src/training/optimizers/adam.ts';
import type { Optimizer } from '../../../src/training/optimizers/optimizer.ts';
import { sgd } from '../../../src/training/optimizers/sgd.ts';
import { runGraph } from '../../support/onnxruntime.ts';
import { arrayOf } from '../../support/reference/array.ts';

const gradientsOverTime = [
  [0.5, -2, 1e-3],
  [0.1, -1, -2e-3],
  [-0.3, 4, 0],
  [0.2, 0.5, 1e-3],
];
const initial = [1, -1, 0.5];

/** Parameters after every step of an optimizer whose graph runs in ONNX Runtime. */
async function run(optimizer: Optimizer, learningRate: number, keep?: number): Promise<number[][]> {
  const graph = new Graph();
  const vector = (name: string) => graph.input(name, 'float32', [3]);
  const scalar = (name: string) => graph.input(name, 'float32', [1]);
  const updated = optimizer.build(graph, {
    parameters: vector('parameters'),
    gradient: vector('gradient'),
    slots: optimizer.slots.map(vector),
    scalars: optimizer.scalars.map(scalar),
    ...(keep !== undefined && { decay: scalar('decay') }),
  });
  graph.output(updated.parameters, 'next');
  updated.slots.forEach((slot, index) => graph.output(slot, `next:${optimizer.slots[index]!}`));

  const history: number[][] = [];
  let parameters = initial;
  let slots = optimizer.slots.map(() => [0, 0, 0]);
  for (const [index, gradient] of gradientsOverTime.entries()) {
    const scalars = optimizer.scalarsAt({ learningRate, step: index + 1 });
    const results = await runGraph(
      graph,
      new Map([
        ['parameters', arrayOf([3], parameters)],
        ['gradient', arrayOf([3], gradient)],
        ['decay', arrayOf([1], [keep ?? 1])],
        ...optimizer.slots.map((name, slot) => [name, arrayOf([3], slots[slot]!)] as const),
        ...optimizer.scalars.map((name, position) => [name, arrayOf([1], [scalars[position]!])] as const),
      ]),
    );
    parameters = Array.from(results.get('next')!.data);
    slots = optimizer.slots.map((name) => Array.from(results.get(`next:${name}`)!.data));
    history.push(parameters);
  }
  return history;
}

/** Algorithm 1 of arXiv 1412.6980 in doubles, with decoupled weight decay. */
function adamByTheBook(learningRate: number, keep = 1): number[][] {
  const parameters = [...initial];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  return gradientsOverTime.map((gradient, index) => {
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

function assertClose(actual: number[][], expected: number[][]): void {
  actual.flat().forEach((value, index) => {
    const wanted = expected.flat()[index]!;
    assert.ok(Math.abs(value - wanted) < 2e-6, `entry ${index}: ${value} against ${wanted}`);
  });
}

describe('optimizers', () => {
  it('adam follows the published algorithm', async () => {
    assertClose(await run(adam, 0.01), adamByTheBook(0.01));
  });

  it('adam with weight decay shrinks the weights apart from the gradient', async () => {
    assertClose(await run(adam, 0.01, 0.98), adamByTheBook(0.01, 0.98));
  });

  it('sgd with momentum accumulates a velocity', async () => {
    const parameters = [...initial];
    const velocity = [0, 0, 0];
    const expected = gradientsOverTime.map((gradient) => {
      gradient.forEach((g, i) => {
        velocity[i] = 0.9 * velocity[i]! + g;
        parameters[i] = parameters[i]! - 0.1 * velocity[i];
      });
      return [...parameters];
    });
    assertClose(await run(sgd(0.9), 0.1), expected);
  });

  it('sgd without momentum keeps no state', () => {
    assert.deepEqual(sgd(0).slots, []);
  });
});
