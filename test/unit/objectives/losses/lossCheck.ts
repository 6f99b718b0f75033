import assert from 'node:assert/strict';
import { gradients } from '../../../../src/autodiff/gradients.ts';
import { randomStream } from '../../../../src/data/random.ts';
import { Graph } from '../../../../src/onnx/graph.ts';
import type { Value } from '../../../../src/onnx/node.ts';
import { assertClose } from '../../../support/gradientCheck.ts';
import { runGraph } from '../../../support/onnxruntime.ts';
import { arrayOf, sizeOf, type NumberArray } from '../../../support/reference/array.ts';
import { evaluate } from '../../../support/reference/evaluate.ts';

export type Arrays = Readonly<Record<string, NumberArray>>;
export type Build = (graph: Graph, values: Readonly<Record<string, Value>>) => Value;

/** A loss, what it is fed, and what it should be. */
export interface LossCheck {
  readonly inputs: Arrays;
  /** Inputs that the gradient is taken with respect to; `student` when left out. */
  readonly trained?: readonly string[];
  readonly build: Build;
  /** The loss by its definition, in plain loops over doubles. */
  readonly byHand: (inputs: Arrays) => number;
}

const step = 1e-5;

/**
 * Checks a loss against its definition, and its gradient against central differences of that definition: as evaluated in
 * doubles by the reference, and as ONNX Runtime computes it in float32.
 */
export async function checkLoss({ inputs, trained = ['student'], build, byHand }: LossCheck): Promise<void> {
  const { graph, feeds } = buildGraph(inputs, trained, build);
  const wanted = arrayOf([], [byHand(inputs)]);
  const exact = evaluate(graph, feeds);
  const computed = await runGraph(graph, feeds);
  assertClose(exact.get('loss')!, wanted, 1e-6, 'loss in doubles');
  assertClose(computed.get('loss')!, wanted, 1e-4, 'loss in ONNX Runtime');
  for (const name of trained) {
    const expected = differences(inputs, name, byHand);
    assertClose(exact.get(`gradient.${name}`)!, expected, 1e-6, `gradient of ${name} in doubles`);
    assertClose(computed.get(`gradient.${name}`)!, expected, 1e-4, `gradient of ${name} in ONNX Runtime`);
  }
}

/** A loss and the gradient with respect to `student`, as ONNX Runtime computes them in float32. */
export async function runLoss(
  inputs: Arrays,
  build: Build,
): Promise<{ readonly loss: number; readonly gradient: number[] }> {
  const { graph, feeds } = buildGraph(inputs, ['student'], build);
  const results = await runGraph(graph, feeds);
  return { loss: results.get('loss')!.data[0]!, gradient: [...results.get('gradient.student')!.data] };
}

/** Fails unless the loss and every entry of its gradient are within 1e-5 of those that were computed elsewhere. */
export function assertLossIs(
  actual: { readonly loss: number; readonly gradient: readonly number[] },
  wanted: { readonly loss: number; readonly gradient: readonly number[] },
): void {
  const close = (one: number, other: number): void => {
    assert.ok(Math.abs(one - other) < 1e-5, `${one} against ${other}`);
  };
  close(actual.loss, wanted.loss);
  assert.equal(actual.gradient.length, wanted.gradient.length);
  actual.gradient.forEach((value, index) => {
    close(value, wanted.gradient[index]!);
  });
}

/** Fails unless the loss and every entry of its gradient are finite, the latter no larger than `largest`. */
export function assertFinite(
  { loss, gradient }: { readonly loss: number; readonly gradient: readonly number[] },
  largest = 1e6,
): void {
  assert.ok(Number.isFinite(loss), `the loss is ${loss}`);
  gradient.forEach((value, index) => {
    assert.ok(Number.isFinite(value) && Math.abs(value) <= largest, `gradient ${index} is ${value}`);
  });
}

/** Numbers that float32 holds exactly, uniform in ±`bound`; equal seeds give equal ones. */
export function randomArray(shape: readonly number[], seed: number, bound = 3): NumberArray {
  const random = randomStream(seed, 'objectives');
  return arrayOf(
    shape,
    Array.from({ length: sizeOf(shape) }, () => Math.fround(random.uniform(-bound, bound))),
  );
}

/** The rows of an array of any shape, each the elements at one index of the first axis. */
export function rowsOf({ shape, data }: NumberArray): number[][] {
  const [count = 1] = shape;
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);
}

/** Rows that are 1 at these classes and 0 elsewhere. */
export function oneHot(labels: readonly number[], classes: number): NumberArray {
  const rows = labels.flatMap((label) => Array.from({ length: classes }, (_, index) => (index === label ? 1 : 0)));
  return arrayOf([labels.length, classes], rows);
}

function buildGraph(inputs: Arrays, trained: readonly string[], build: Build) {
  const graph = new Graph();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, graph.input(name, 'float32', shape)]),
  );
  const loss = build(graph, values);
  assert.deepEqual(loss.shape, [], 'a loss is a scalar');
  graph.output(loss, 'loss');
  gradients(
    graph,
    loss,
    trained.map((name) => values[name]!),
  ).forEach((gradient, index) => graph.output(gradient, `gradient.${trained[index]!}`));
  return { graph, feeds: new Map(Object.entries(inputs)) };
}

function differences(inputs: Arrays, name: string, byHand: LossCheck['byHand']): NumberArray {
  const array = inputs[name]!;
  const at = (position: number, value: number): number => {
    const data = Float64Array.from(array.data);
    data[position] = value;
    return byHand({ ...inputs, [name]: { shape: array.shape, data } });
  };
  return {
    shape: array.shape,
    data: array.data.map((value, position) => (at(position, value + step) - at(position, value - step)) / (2 * step)),
  };
}
