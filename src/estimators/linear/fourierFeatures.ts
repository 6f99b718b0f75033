import type { Random } from '../../data/random.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import type { Rows } from '../fitData.ts';

/**
 * Random Fourier features (Rahimi & Recht 2007): cos(x Ω + b), √(2 / D) times which the products of two rows come near exp(−γ |x − y|²).
 */
export interface FourierFeatures {
  /** Ω, [features, components], of the normal distribution with variance 2 γ. */
  readonly directions: Float32Array;
  /** b, of 0…2π. */
  readonly phases: Float32Array;
  readonly components: number;
}

/** Directions and phases at random. @param features numbers of a row */
export function drawFourierFeatures(
  features: number,
  { components, gamma, random }: { readonly components: number; readonly gamma: number; readonly random: Random },
): FourierFeatures {
  const deviation = Math.sqrt(2 * gamma);
  return {
    directions: Float32Array.from({ length: features * components }, () => random.normal(0, deviation)),
    phases: Float32Array.from({ length: components }, () => random.uniform(0, 2 * Math.PI)),
    components,
  };
}

/** 1 / (features · variance of all numbers): scikit-learn's `gamma='scale'`. */
export function gammaByScale({ values, features }: Rows): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  const variance = squares / values.length - mean * mean;
  return variance > 0 ? 1 / (features * variance) : 1;
}

/** √(2 / D) cos(x Ω + b) of every row. @param pause is awaited now and then */
export async function transformRows(
  rows: Rows,
  { directions, phases, components }: FourierFeatures,
  pause: () => Promise<void>,
): Promise<Rows> {
  const values = new Float32Array(rows.count * components);
  for (let row = 0; row < rows.count; row++) {
    transformRow(rows, row, { directions, phases, components }, values.subarray(row * components));
    if (row % 1024 === 0) await pause();
  }
  return { count: rows.count, features: components, values };
}

/** The same of one row, into the beginning of `target`. */
export function transformRow(
  rows: Rows,
  row: number,
  { directions, phases, components }: FourierFeatures,
  target: Float32Array | Float64Array,
): void {
  const scale = Math.sqrt(2 / components);
  const angles = Float64Array.from(phases);
  for (let feature = 0; feature < rows.features; feature++) {
    const value = rows.values[row * rows.features + feature] ?? 0;
    if (value === 0) continue;
    const from = feature * components;
    for (let component = 0; component < components; component++) {
      angles[component] = (angles[component] ?? 0) + value * (directions[from + component] ?? 0);
    }
  }
  for (let component = 0; component < components; component++) {
    target[component] = scale * Math.cos(angles[component] ?? 0);
  }
}

/** The same in a graph. @param rows [batch, features] */
export function appendFourierFeatures(graph: Graph, rows: Value, fourier: FourierFeatures, features: number): Value {
  const { directions, phases, components } = fourier;
  const matrix = graph.initializer('directions', floatTensor(directions, [features, components]));
  const bias = graph.initializer('phases', floatTensor(phases, [components]));
  const angles = graph.op('Add', [graph.op('MatMul', [rows, matrix]), bias], {}, { name: 'angles' });
  return graph.op('Mul', [graph.op('Cos', [angles]), graph.scalar(Math.sqrt(2 / components))]);
}
