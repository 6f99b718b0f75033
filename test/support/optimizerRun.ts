import assert from 'node:assert/strict';
import { Graph } from '../../src/onnx/graph.ts';
import type { Optimizer } from '../../src/training/optimizers/optimizer.ts';
import { arrayOf } from './reference/array.ts';
import { runGraph } from './onnxruntime.ts';

/** Three parameters and their gradients at four steps: of both signs, large, small and 0. */
export const initial: readonly number[] = [1, -1, 0.5];
export const gradients: readonly (readonly number[])[] = [
  [0.5, -2, 1e-3],
  [0.1, -1, -2e-3],
  [-0.3, 4, 0],
  [0.2, 0.5, 1e-3],
];

export interface OptimizerRun {
  readonly learningRate: number;
  /** Whether weight decay acts on the parameters; by default it does. */
  readonly decays?: boolean;
  /** Dimensions of the weights that the three parameters are; by default one vector. */
  readonly shapes?: readonly (readonly number[])[];
  /** At every step; by default those above. */
  readonly gradients?: readonly (readonly number[])[];
}

/** The parameters after every step of an optimizer whose graph runs in ONNX Runtime. */
export async function runOptimizer(optimizer: Optimizer, run: OptimizerRun): Promise<number[][]> {
  const { learningRate, decays = true, shapes = [[initial.length]] } = run;
  const graph = new Graph();
  const vector = (name: string) => graph.input(name, 'float32', [initial.length]);
  const scalar = (name: string) => graph.input(name, 'float32', [1]);
  const updated = optimizer.build(graph, {
    parameters: vector('parameters'),
    gradient: vector('gradient'),
    slots: optimizer.slots.map(vector),
    scalars: optimizer.scalars.map(scalar),
    shapes,
    decays,
  });
  graph.output(updated.parameters, 'next');
  updated.slots.forEach((slot, index) => graph.output(slot, `next:${optimizer.slots[index]!}`));

  const history: number[][] = [];
  let parameters = [...initial];
  let slots = optimizer.slots.map(() => initial.map(() => 0));
  for (const [index, gradient] of (run.gradients ?? gradients).entries()) {
    const scalars = optimizer.scalarsAt({ learningRate, step: index + 1 });
    const results = await runGraph(
      graph,
      new Map([
        ['parameters', arrayOf([initial.length], parameters)],
        ['gradient', arrayOf([initial.length], [...gradient])],
        ...optimizer.slots.map((name, slot) => [name, arrayOf([initial.length], slots[slot]!)] as const),
        ...optimizer.scalars.map((name, position) => [name, arrayOf([1], [scalars[position]!])] as const),
      ]),
    );
    parameters = Array.from(results.get('next')!.data);
    slots = optimizer.slots.map((name) => Array.from(results.get(`next:${name}`)!.data));
    history.push(parameters);
  }
  return history;
}

/** Asserts that two histories of parameters are equal within the precision of float32. */
export function assertClose(actual: readonly number[][], expected: readonly (readonly number[])[]): void {
  assert.equal(actual.length, expected.length);
  actual.flat().forEach((value, index) => {
    const wanted = expected.flat()[index]!;
    assert.ok(Math.abs(value - wanted) < 2e-6, `entry ${index}: ${value} against ${wanted}`);
  });
}
