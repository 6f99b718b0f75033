import assert from 'node:assert/strict';
import { InferenceSession, Tensor as RuntimeTensor } from '../../src/platform/onnxRuntime.ts';
import type { Random } from '../../src/data/random.ts';
import { exportModel } from '../../src/onnx/exporting/exportModel.ts';
import { encodeModel } from '../../src/onnx/file.ts';
import { dimensionsOf, Graph, type NodeOptions } from '../../src/onnx/graph.ts';
import type { Attributes, Value } from '../../src/onnx/node.ts';
import { tensorOf } from '../../src/onnx/evaluate/tensorOf.ts';
import { elementCount, type DataType, type Dimension } from '../../src/onnx/tensor.ts';

/** Builds graphs of one node with random sizes, and names the first axis of its inputs as the test wishes. */
export class Sketch {
  readonly graph = new Graph();
  readonly random: Random;
  /** Size of the batch, or its name. */
  readonly batch: Dimension;

  constructor(random: Random, batch: Dimension) {
    this.random = random;
    this.batch = batch;
  }

  /** A random size. */
  size(low = 1, high = 6): number {
    return low + this.random.integer(high - low + 1);
  }

  sizes(count: number, low = 1, high = 6): number[] {
    return Array.from({ length: count }, () => this.size(low, high));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.random.integer(choices.length)]!;
  }

  /** A float32 input. */
  input(...shape: readonly Dimension[]): Value {
    return this.typed('float32', ...shape);
  }

  typed(type: DataType, ...shape: readonly Dimension[]): Value {
    return this.graph.input(this.graph.freshName('input'), type, shape);
  }

  /** A constant of int64. */
  integers(...values: readonly number[]): Value {
    return this.graph.integers(values);
  }

  /** Adds the node; all its outputs become outputs of the graph. */
  node(operator: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}, more: NodeOptions = {}) {
    const outputs = this.graph.node(operator, inputs, { ...more, attributes });
    for (const output of outputs) if (output) this.graph.output(output);
  }
}

/** Runs the graph in ONNX Runtime on random input and compares the types and dimensions of all outputs. */
export async function compareWithRuntime(graph: Graph, random: Random): Promise<void> {
  const session = await InferenceSession.create(encodeModel(exportModel(graph, { name: 'test' })), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  try {
    const results = await session.run(randomFeeds(graph, random));
    for (const output of graph.outputs) {
      const actual = results[output.name]!;
      assert.deepEqual([actual.type, [...actual.dims]], [output.type, [...output.shape]], `output '${output.name}'`);
    }
  } finally {
    await session.release();
  }
}

/** Random contents for every input of a graph whose shapes are numeric. */
export function randomFeeds(graph: Graph, random: Random): Record<string, RuntimeTensor> {
  return Object.fromEntries(
    graph.inputs.map((input) => [input.name, randomTensor(input.type, dimensionsOf(input), random)]),
  );
}

function randomTensor(type: DataType, shape: readonly number[], random: Random): RuntimeTensor {
  const numbers = Array.from({ length: elementCount(shape) }, () => random.uniform(0.1, 1.9));
  const whole = type.startsWith('float') ? numbers : numbers.map(Math.trunc);
  return new RuntimeTensor(type as 'float32', tensorOf(type, whole, shape).data as Float32Array, shape);
}
