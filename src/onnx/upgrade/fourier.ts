import { DistilleryError } from '../../errors.ts';
import { inputOf, intOf, misfit } from '../attributes.ts';
import { int, ints, type Graph } from '../graph.ts';
import type { Value } from '../node.ts';
import { floatTensor, toNumbers } from '../tensor.ts';
import type { StoredNode, Upgrade } from './step.ts';

/** A discrete Fourier transform as a matrix. */
interface Transform {
  /** How many points the transform is of. */
  readonly length: number;
  /** How many values come in along the axis; fewer than `length` are followed by zeros. */
  readonly points: number;
  /** 2 where they are complex, 1 where real. */
  readonly parts: number;
  readonly isInverse: boolean;
  /** Of real values the first half of the frequencies, of which the inverse makes real values again. */
  readonly isOnesided: boolean;
}

/** Elements of the largest matrix that a transform may be written as: 64 MiB. */
const MOST_ELEMENTS = 2 ** 24;

/**
 * `DFT` (a product with a constant matrix, so that it is trained through as one): along one axis of [..., n, …, 1 or 2], whose last
 * axis holds real and imaginary parts.
 */
const dft: Upgrade = (graph, node, opset) => {
  const x = inputOf(node, 0);
  const rank = x.shape.length;
  const axis = positive(opset < 20 ? intOf(node, 'axis', 1) : (knownNumber(graph, node, 2) ?? -2), rank);
  const points = sizeAt(node, x, axis);
  const parts = sizeAt(node, x, rank - 1);
  const [isInverse, isOnesided] = [intOf(node, 'inverse', 0) === 1, intOf(node, 'onesided', 0) === 1];
  const length = knownNumber(graph, node, 1) ?? (isInverse && isOnesided ? 2 * (points - 1) : points);
  // The axis changes places with the one before the parts, before and after.
  const exchanged = x.shape.map((_, at) => (at === axis ? rank - 2 : at === rank - 2 ? axis : at));
  const exchange = (value: Value): Value =>
    axis === rank - 2 ? value : graph.op('Transpose', [value], { perm: ints(exchanged) });
  const { matrix, sizes } = matrixOf(node, { length, points, parts, isInverse, isOnesided });
  const before = Array<number>(rank - 2).fill(0);
  const flat = graph.op('Reshape', [exchange(x), graph.integers([...before, points * parts])]);
  const product = graph.op('MatMul', [
    flat,
    graph.constant(floatTensor(matrix, [points * parts, sizes[0] * sizes[1]])),
  ]);
  const given = graph.op('Reshape', [product, graph.integers([...before, ...sizes])]);
  return { ...node, operator: 'Identity', inputs: [exchange(given)], attributes: {} };
};

/** `STFT`: transforms of windows of a signal [batch, n] or [batch, n, 1 or 2], as [batch, windows, frequencies, 2]. */
const stft: Upgrade = (graph, node) => {
  const signal = inputOf(node, 0);
  const total = sizeAt(node, signal, 1);
  const parts = signal.shape.length > 2 ? sizeAt(node, signal, 2) : 1;
  const step = knownNumber(graph, node, 1);
  const window = node.inputs[2];
  const length = knownNumber(graph, node, 3) ?? (window && sizeAt(node, window, 0));
  if (step === undefined || length === undefined) throw misfit(node, 'its step and length must be known');
  const frames = Math.floor((total - length) / step) + 1;
  const places = Array.from({ length: frames * length }, (_, at) => Math.floor(at / length) * step + (at % length));
  const { matrix, sizes } = matrixOf(node, {
    ...{ length, points: length, parts, isInverse: false },
    isOnesided: intOf(node, 'onesided', 1) === 1,
  });
  const cut = graph.op('Gather', [signal, graph.integers(places)], { axis: int(1) });
  const framed = graph.op('Reshape', [cut, graph.integers([0, frames, length, parts])]);
  const weighted = window
    ? graph.op('Mul', [framed, graph.op('Reshape', [window, graph.integers([length, 1])])])
    : framed;
  const flat = graph.op('Reshape', [weighted, graph.integers([0, frames, length * parts])]);
  const product = graph.op('MatMul', [
    flat,
    graph.constant(floatTensor(matrix, [length * parts, sizes[0] * sizes[1]])),
  ]);
  return {
    ...node,
    operator: 'Reshape',
    inputs: [product, graph.integers([0, frames, ...sizes])],
    attributes: {},
  };
};

/**
 * The matrix [points × parts, frequencies × parts] of a transform, row by row, and how many frequencies (or, of the inverse, points) and parts
 * it gives.
 */
function matrixOf(
  node: StoredNode,
  { length, points, parts, isInverse, isOnesided }: Transform,
): { readonly matrix: Float32Array; readonly sizes: readonly [number, number] } {
  if (parts < 1 || parts > 2 || (isOnesided && isInverse !== (parts === 2))) {
    throw misfit(node, 'one-sided transforms are of real values, and their inverses of complex ones');
  }
  const half = Math.floor(length / 2) + 1;
  const sizes = isOnesided ? (isInverse ? ([length, 1] as const) : ([half, 2] as const)) : ([length, 2] as const);
  const [given, made] = sizes;
  const columns = given * made;
  if (points * parts * columns > MOST_ELEMENTS) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Node '${node.name}' (${node.operator}): a transform of ${length} points is too long to be trained through.`,
      { hint: 'Compute it before the network, or train the part after it (`extractor` with `cut`).' },
    );
  }
  const matrix = new Float32Array(points * parts * columns);
  const used = Math.min(points, isOnesided && isInverse ? half : length);
  for (let from = 0; from < used; from++) {
    // The other half of the frequencies mirrors the one that is given.
    const isMirrored = isOnesided && isInverse && from > 0 && 2 * from !== length;
    const scale = (isInverse ? 1 / length : 1) * (isMirrored ? 2 : 1);
    for (let to = 0; to < given; to++) {
      const angle = ((isInverse ? 2 : -2) * Math.PI * ((from * to) % length)) / length;
      const [cosine, sine] = [scale * Math.cos(angle), scale * Math.sin(angle)];
      const at = from * parts * columns + to * made;
      matrix[at] = cosine;
      if (made === 2) matrix[at + 1] = sine;
      if (parts === 2) matrix[at + columns] = -sine;
      if (parts === 2 && made === 2) matrix[at + columns + 1] = cosine;
    }
  }
  return { matrix, sizes };
}

/** A window of cosines: Σ (−1)ᵏ coefficient k × cos(2π k t / N). */
const windowOf =
  (coefficients: readonly number[]): Upgrade =>
  (graph, node) => {
    const size = knownNumber(graph, node, 0);
    if (size === undefined) throw misfit(node, 'its size must be known');
    const whole = intOf(node, 'periodic', 1) === 1 ? size : size - 1;
    const values = Array.from({ length: size }, (_, at) =>
      coefficients.reduce((sum, each, k) => sum + (-1) ** k * each * Math.cos((2 * Math.PI * k * at) / whole), 0),
    );
    return { ...node, operator: 'Identity', inputs: [graph.constant(floatTensor(values))], attributes: {} };
  };

/** `MelWeightMatrix`: triangles over the frequencies of a transform, of equal widths on the mel scale, [frequencies, bins]. */
const melWeights: Upgrade = (graph, node) => {
  const [bins, length, rate, low, high] = [0, 1, 2, 3, 4].map((index) => knownNumber(graph, node, index));
  if (bins === undefined || !length || !rate || low === undefined || high === undefined) {
    throw misfit(node, 'its numbers must be known');
  }
  const frequencies = Math.floor(length / 2) + 1;
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const width = (mel(high) - mel(low)) / (bins + 2);
  const edges = Array.from({ length: bins + 2 }, (_, at) => {
    const hertz = 700 * (10 ** ((at * width + mel(low)) / 2595) - 1);
    return Math.floor(((length + 1) * hertz) / rate);
  });
  const weights = new Float32Array(frequencies * bins);
  for (let bin = 0; bin < bins; bin++) {
    const [from = 0, middle = 0, to = 0] = edges.slice(bin, bin + 3);
    if (from === middle) weights[middle * bins + bin] = 1;
    else for (let at = from; at <= middle; at++) weights[at * bins + bin] = (at - from) / (middle - from);
    for (let at = middle; at < to; at++) weights[at * bins + bin] = (to - at) / (to - middle);
  }
  const value = graph.constant(floatTensor(weights, [frequencies, bins]));
  return { ...node, operator: 'Identity', inputs: [value], attributes: {} };
};

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function sizeAt(node: StoredNode, value: Value, axis: number): number {
  const size = value.shape[axis];
  if (typeof size !== 'number') throw misfit(node, `dimension ${axis} of '${value.name}' must be known`);
  return size;
}

/** The number that an input is, if it is given; it has to be known before the model runs. */
function knownNumber(graph: Graph, node: StoredNode, index: number): number | undefined {
  const value = node.inputs[index];
  if (!value) return undefined;
  const known = graph.known.get(value.name) ?? graph.initializers.get(value.name);
  const [number] = known ? toNumbers(known) : [];
  if (number === undefined) throw misfit(node, `input ${index} must be a constant`);
  return number;
}

export const fourierComposites: Readonly<Record<string, Upgrade>> = {
  DFT: dft,
  STFT: stft,
  HannWindow: windowOf([0.5, 0.5]),
  HammingWindow: windowOf([25 / 46, 21 / 46]),
  BlackmanWindow: windowOf([0.42, 0.5, 0.08]),
  MelWeightMatrix: melWeights,
};
