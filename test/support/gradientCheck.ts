import assert from 'node:assert/strict';
import { gradients } from '../../src/autodiff/gradients.ts';
import { operatorKey } from '../../src/autodiff/registry.ts';
import { randomStream, type Random } from '../../src/data/random.ts';
import { dimensionsOf, Graph, int } from '../../src/onnx/graph.ts';
import type { Node, Value } from '../../src/onnx/node.ts';
import { floatTensor } from '../../src/onnx/tensor.ts';
import { runGraph } from './onnxruntime.ts';
import { arrayOf, sizeOf, type NumberArray } from './reference/array.ts';
import { evaluate } from './reference/evaluate.ts';
import { tensorflowGradients, type Tf, type TfTensor } from './tensorflow.ts';

/** Where the elements of a sampled input lie. */
export type Distribution =
  /** Uniform in −2 … 2. */
  | 'plain'
  /** Uniform in 0.3 … 2.3: bases, divisors, variances. */
  | 'positive'
  /** All different, a step of 0.07 apart and none near 0: for maxima, sorting and kinks. */
  | 'apart';

/** A differentiable input of a case: its shape, and how it is drawn or its elements themselves. */
export interface Sample {
  readonly shape: readonly number[];
  readonly from: Distribution | readonly number[];
}

export const sample = (shape: readonly number[], from: Sample['from'] = 'plain'): Sample => ({ shape, from });

/** One check of one operator's gradient rule. */
export interface GradientCase {
  /** Key of the operator under test, as in the registry. */
  readonly operator: string;
  readonly title: string;
  readonly inputs: readonly Sample[];
  /** Adds the node under test; returns the outputs that count. */
  readonly build: (graph: Graph, inputs: readonly Value[]) => Value | readonly (Value | undefined)[];
  /** The same function in TensorFlow.js, where it has one. */
  readonly tensorflow?: (tf: Tf, inputs: TfTensor[]) => TfTensor | TfTensor[];
}

/** Half the distance of a central difference; its error is about the square of this. */
const step = 1e-5;
/** Error allowed in doubles (central differences) and in float32 (ONNX Runtime, TensorFlow.js), relative to the largest entry. */
const tolerance = { double: 1e-6, single: 1e-4 };

/** A case's graph with outputs `loss` and its gradients `gradient_0`, `gradient_1`, …. */
export interface GradientGraph {
  readonly graph: Graph;
  /** The nodes that make the loss. */
  readonly forward: readonly Node[];
  readonly inputs: readonly Value[];
  readonly feeds: ReadonlyMap<string, NumberArray>;
  readonly loss: Value;
  /** What each output is multiplied by in the loss. */
  readonly weights: readonly NumberArray[];
}

/** Builds the graph of Σ w ⊙ outputs, w fixed random numbers, and its gradients with respect to every input. */
export function buildGradients(check: GradientCase): GradientGraph {
  const random = randomStream(0, `${check.operator}: ${check.title}`);
  const arrays = check.inputs.map((input) => draw(input, random));
  const { graph, inputs, loss, weights } = buildLoss(check, random);
  const feeds = new Map(inputs.map((input, index) => [input.name, arrays[index]!]));
  const forward = [...graph.nodes];
  assert.ok(
    forward.some((node) => operatorKey(node) === check.operator),
    `the case builds no ${check.operator}`,
  );
  graph.output(loss, 'loss');
  gradients(graph, loss, inputs).forEach((gradient, index) => graph.output(gradient, `gradient_${index}`));
  return { graph, forward, inputs, feeds, loss, weights };
}

/**
 * Checks the gradients of a case with respect to every input: the gradient graph evaluated in double precision against
 * central differences of the forward graph; the gradient graph as ONNX Runtime computes it in float32; and
 * TensorFlow.js's own gradients, where the case has its function.
 */
export async function checkGradient(check: GradientCase): Promise<void> {
  const { graph, forward, inputs, feeds, loss, weights } = buildGradients(check);
  const expected = inputs.map((input) => centralDifferences(graph, forward, loss, feeds, input.name));
  const exact = evaluate(graph, feeds);
  const computed = await runGraph(graph, feeds);
  const theirs = check.tensorflow
    ? await tensorflowGradients(check.tensorflow, [...feeds.values()], weights)
    : undefined;

  assertClose(computed.get('loss')!, exact.get('loss')!, tolerance.single, 'loss in ONNX Runtime');
  expected.forEach((numeric, index) => {
    const name = `gradient_${index}`;
    assertClose(exact.get(name)!, numeric, tolerance.double, `input ${index}: gradient graph in doubles`);
    assertClose(computed.get(name)!, numeric, tolerance.single, `input ${index}: ONNX Runtime`);
    if (theirs) assertClose(theirs[index]!, numeric, tolerance.single, `input ${index}: TensorFlow.js`);
  });
}

/** The graph of a case up to its loss. */
function buildLoss(check: GradientCase, random: Random) {
  const graph = new Graph();
  const inputs = check.inputs.map((input, index) => graph.input(`input_${index}`, 'float32', input.shape));
  const outputs = [check.build(graph, inputs)].flat().filter((output) => output !== undefined);
  const weights = outputs.map((output) => {
    const shape = dimensionsOf(output);
    return arrayOf(
      shape,
      Array.from({ length: sizeOf(shape) }, () => Math.fround(random.uniform(-1.5, 1.5))),
    );
  });
  const loss = outputs
    .map((output, index) => {
      const weight = graph.constant(floatTensor(Float32Array.from(weights[index]!.data), weights[index]!.shape));
      return graph.op('ReduceSum', [graph.op('Mul', [output, weight])], { keepdims: int(0) });
    })
    .reduce((sum, term) => graph.op('Add', [sum, term]));
  return { graph, inputs, loss, weights };
}

/** Elements that float32 holds exactly, so that every engine sees the same numbers. */
function draw({ shape, from }: Sample, random: Random): NumberArray {
  const size = sizeOf(shape);
  if (typeof from !== 'string') return arrayOf(shape, from.map(Math.fround));
  switch (from) {
    case 'plain':
      return arrayOf(
        shape,
        Array.from({ length: size }, () => Math.fround(random.uniform(-2, 2))),
      );
    case 'positive':
      return arrayOf(
        shape,
        Array.from({ length: size }, () => Math.fround(random.uniform(0.3, 2.3))),
      );
    case 'apart': {
      const order = random.shuffle(Array.from({ length: size }, (_, index) => index));
      return arrayOf(
        shape,
        order.map((rank) => Math.fround((rank - Math.floor(size / 2) + 0.43) * 0.07)),
      );
    }
  }
}

function centralDifferences(
  graph: Graph,
  forward: readonly Node[],
  loss: Value,
  feeds: ReadonlyMap<string, NumberArray>,
  name: string,
): NumberArray {
  const array = feeds.get(name)!;
  const lossAt = (position: number, value: number): number => {
    const data = Float64Array.from(array.data);
    data[position] = value;
    return evaluate(graph, new Map([...feeds, [name, { shape: array.shape, data }]]), forward).get(loss.name)!.data[0]!;
  };
  return {
    shape: array.shape,
    data: array.data.map(
      (value, position) => (lossAt(position, value + step) - lossAt(position, value - step)) / (2 * step),
    ),
  };
}

/** Fails unless all entries agree within `relative` times the largest expected one (or 1 where all are small). */
export function assertClose(actual: NumberArray, expected: NumberArray, relative: number, what: string): void {
  assert.deepEqual([...actual.shape], [...expected.shape], `${what}: shape`);
  const scale = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  expected.data.forEach((wanted, position) => {
    const got = actual.data[position]!;
    assert.ok(
      Math.abs(got - wanted) <= relative * scale,
      `${what}: entry ${position} is ${got}, should be ${wanted} (largest ${scale})`,
    );
  });
}
