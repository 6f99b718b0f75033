import assert from 'node:assert/strict';
import { gradients, nodesWithoutRule } from '../../src/autodiff/gradients.ts';
import { randomStream } from '../../src/data/random.ts';
import { copyGraph } from '../../src/onnx/copy.ts';
import { weightsOf } from '../../src/onnx/cost/cost.ts';
import { dimensionsOf, Graph, int } from '../../src/onnx/graph.ts';
import type { Value } from '../../src/onnx/node.ts';
import { floatData, floatTensor } from '../../src/onnx/tensor.ts';
import { assertClose } from './gradientCheck.ts';
import { openRun, runGraph } from './onnxruntime.ts';
import { arrayOf, sizeOf, type NumberArray } from './reference/array.ts';
import { evaluate } from './reference/evaluate.ts';
import { sampleOf } from './full.ts';

/** Data for the inputs of a network, by name; the batch is their first dimension. */
export type Feeds = ReadonlyMap<string, NumberArray>;

/** Builds a loss from the values of a network with a fixed batch; `value` finds one by its name in the network. */
export type LossBuilder = (graph: Graph, value: (name: string) => Value) => Value;

/** A network with the batch of its feeds, its weights made inputs, a loss and its gradients. */
interface LossGraph {
  readonly graph: Graph;
  readonly weights: readonly Value[];
  readonly loss: Value;
  /** Nodes up to the loss. */
  readonly forward: Graph['nodes'];
  /** Feeds and initial weights. */
  readonly feeds: Map<string, NumberArray>;
}

/** Normally distributed numbers that float32 holds exactly. */
export function normalArray(shape: readonly number[], label: string): NumberArray {
  const random = randomStream(0, label);
  return arrayOf(
    shape,
    Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal())),
  );
}

/** A loss that makes every output count: Σ w ⊙ output, w fixed random numbers. */
export function weightedSum(output: string): LossBuilder {
  return (graph, value) => {
    const weights = normalArray(dimensionsOf(value(output)), 'weights of the loss');
    const factor = graph.constant(floatTensor(Float32Array.from(weights.data), weights.shape));
    return graph.op('ReduceSum', [graph.op('Mul', [value(output), factor])], { keepdims: int(0) });
  };
}

/** Mean cross-entropy of `logits` [batch, classes] with labels. */
export function crossEntropy(labels: readonly number[], classes: number): LossBuilder {
  return (graph, value) => {
    const chosen = Float32Array.from({ length: labels.length * classes }, (_, index) =>
      labels[Math.floor(index / classes)] === index % classes ? -1 / labels.length : 0,
    );
    const logarithms = graph.op('LogSoftmax', [value('logits')], { axis: int(-1) });
    const factor = graph.constant(floatTensor(chosen, [labels.length, classes]));
    return graph.op('ReduceSum', [graph.op('Mul', [logarithms, factor])], { keepdims: int(0) });
  };
}

/** Asserts that ONNX Runtime computes what the reference computes in doubles, and returns the first output. */
export async function checkForward(student: Graph, feeds: Feeds): Promise<NumberArray> {
  const { graph } = bind(student, feeds);
  const [output] = student.outputs;
  const computed = (await runGraph(graph, feeds)).get(output!.name)!;
  assertClose(computed, evaluate(graph, feeds).get(output!.name)!, 1e-4, 'output');
  return computed;
}

/**
 * Asserts that every weight has a gradient that is not all 0, and that some entries of it are those of central differences
 * in double precision; and that ONNX Runtime computes the same gradients.
 * @param except weights of which the loss does not depend
 */
export async function checkGradients(
  student: Graph,
  feeds: Feeds,
  build: LossBuilder,
  except: readonly string[] = [],
): Promise<void> {
  const { graph, weights, loss, forward, feeds: all } = buildLossGraph(student, feeds, build);
  const exact = evaluate(graph, all);
  const computed = await runGraph(graph, all);
  for (const weight of weights) {
    const gradient = exact.get(`gradient:${weight.name}`)!;
    assertClose(computed.get(`gradient:${weight.name}`)!, gradient, 1e-3, `ONNX Runtime's gradient of ${weight.name}`);
    if (except.includes(weight.name)) continue;
    assert.ok(
      gradient.data.some((entry) => entry !== 0),
      `${weight.name} has a gradient`,
    );
    const lossAt = (position: number, change: number): number => {
      const data = Float64Array.from(all.get(weight.name)!.data);
      data[position]! += change;
      const moved = new Map([...all, [weight.name, { shape: gradient.shape, data }]]);
      return evaluate(graph, moved, forward).get(loss.name)!.data[0]!;
    };
    const step = 1e-5;
    const positions = [0, Math.floor(gradient.data.length / 2), gradient.data.length - 1];
    for (const position of sampleOf(
      'central differences of entries of a student’s weight',
      positions,
      1,
      weight.name,
    )) {
      const numeric = (lossAt(position, step) - lossAt(position, -step)) / (2 * step);
      const scale = Math.max(1, ...gradient.data.map(Math.abs));
      const difference = Math.abs(numeric - gradient.data[position]!);
      assert.ok(difference < 1e-6 * scale, `${weight.name}[${position}]: off by ${difference}`);
    }
  }
}

/** Trains a network with Adam on one batch. Returns the loss of every step, and the network with its new weights. */
export async function learn(
  student: Graph,
  feeds: Feeds,
  build: LossBuilder,
  { steps, learningRate }: { readonly steps: number; readonly learningRate: number },
): Promise<{ readonly losses: readonly number[]; readonly trained: Graph }> {
  const { graph, weights, loss, feeds: all } = buildLossGraph(student, feeds, build);
  const moments = weights.map((weight) => {
    const size = all.get(weight.name)!.data.length;
    return { first: new Float64Array(size), second: new Float64Array(size) };
  });
  const losses: number[] = [];
  const run = await openRun(graph);
  try {
    for (let step = 1; step <= steps; step++) {
      const results = await run.compute(all);
      losses.push(results.get(loss.name)!.data[0]!);
      weights.forEach((weight, index) => {
        const { data } = all.get(weight.name)!;
        const { first, second } = moments[index]!;
        results.get(`gradient:${weight.name}`)!.data.forEach((gradient, position) => {
          first[position] = 0.9 * first[position]! + 0.1 * gradient;
          second[position] = 0.999 * second[position]! + 0.001 * gradient ** 2;
          const mean = first[position] / (1 - 0.9 ** step);
          const deviation = Math.sqrt(second[position] / (1 - 0.999 ** step));
          data[position]! -= (learningRate * mean) / (deviation + 1e-8);
        });
      });
    }
  } finally {
    await run.release();
  }
  for (const weight of weights) {
    const { data, shape } = all.get(weight.name)!;
    student.initializers.set(weight.name, floatTensor(Float32Array.from(data), shape));
  }
  return { losses, trained: student };
}

/** Index of the largest entry of every row. */
export function largestOfRows({ shape, data }: NumberArray): number[] {
  const width = shape.at(-1)!;
  return Array.from({ length: data.length / width }, (_, row) => {
    const entries = [...data.slice(row * width, (row + 1) * width)];
    return entries.indexOf(Math.max(...entries));
  });
}

/** The network with a fixed batch; its values keep their names. */
function bind(student: Graph, feeds: Feeds, weights: ReadonlyMap<string, readonly number[]> = new Map()) {
  const graph = new Graph();
  const bindings = new Map(
    student.inputs.map(({ name, type }) => [name, graph.input(name, type, feeds.get(name)!.shape)]),
  );
  for (const [name, shape] of weights) bindings.set(name, graph.input(name, 'float32', shape));
  const copies = copyGraph(graph, student, { bindings, prefix: '' });
  for (const output of student.outputs) graph.output(copies.get(output.name)!);
  return { graph, copies };
}

/** A network with the batch of its feeds, its weights made inputs, and a loss as its first output. */
export function bindLoss(student: Graph, feeds: Feeds, build: LossBuilder) {
  const names = [...weightsOf(student).keys()];
  const initial = names.map((name) => [name, student.initializers.get(name)!] as const);
  const { graph, copies } = bind(student, feeds, new Map(initial.map(([name, { shape }]) => [name, shape])));
  const loss = build(graph, (name) => copies.get(name)!);
  graph.outputs.unshift(loss);
  const all = new Map(feeds);
  for (const [name, tensor] of initial) all.set(name, arrayOf(tensor.shape, floatData(tensor)));
  return { graph, loss, weights: names.map((name) => graph.value(name)), feeds: all };
}

function buildLossGraph(student: Graph, feeds: Feeds, build: LossBuilder): LossGraph {
  const bound = bindLoss(student, feeds, build);
  const { graph, loss, weights } = bound;
  assert.deepEqual(nodesWithoutRule(graph, [loss], weights), []);
  const forward = [...graph.nodes];
  gradients(graph, loss, weights).forEach((gradient, index) => {
    graph.output(gradient, `gradient:${weights[index]!.name}`);
  });
  return { ...bound, forward };
}

/** The loss and the gradient of every weight, by the names of the weights, as ONNX Runtime computes them. */
export async function computeGradients(
  student: Graph,
  feeds: Feeds,
  build: LossBuilder,
): Promise<{ readonly loss: number; readonly gradients: ReadonlyMap<string, NumberArray> }> {
  const { graph, weights, loss, feeds: all } = buildLossGraph(student, feeds, build);
  const results = await runGraph(graph, all);
  return {
    loss: results.get(loss.name)!.data[0]!,
    gradients: new Map(weights.map(({ name }) => [name, results.get(`gradient:${name}`)!])),
  };
}
