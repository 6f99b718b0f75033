import { reshape } from '../../autodiff/layout.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { buildDecay, decayScalars, decayScalarsAt } from './decay.ts';
import type { Moment, Optimizer, OptimizerInputs } from './optimizer.ts';

/** Settings of `adam` and `lamb`. */
export interface AdamOptions {
  /** Share of the first moment, the mean of the gradients, that remains after a step. */
  readonly beta1: number;
  /** Share of the second moment, the mean of their squares, that remains after a step. */
  readonly beta2: number;
  /** Keeps the division by the root of the second moment finite. */
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980); with weight decay, which is decoupled, AdamW (Loshchilov & Hutter, arXiv
 * 1711.05101).
 *
 * The moments are stored undivided (M = m / (1 − β₁), V = v / (1 − β₂)) and the bias corrections are folded into the two
 * scalars that the host computes for every step, which leaves ten element-wise operators on the flat vector:
 * M' = β₁M + g, V' = β₂V + g², p' = p − M' / (√V' / rate + ε' / rate). Of these, the product and the sum of the denominator are one pass
 * on the CPU where the vectors look like images (src/training/lowering/blocks/blockScaledSums.ts).
 */
export function adam(options: AdamOptions): Optimizer {
  const { weightDecay } = options;
  return {
    slots: ['adam.first', 'adam.second'],
    slotShape: imageOf,
    scalars: ['adam.inverseRate', 'adam.epsilon', ...decayScalars(weightDecay)],
    build(graph, inputs) {
      const [inverseRate, epsilon, kept] = inputs.scalars;
      const [first, second] = buildMoments(graph, options, inputs);
      const denominator = graph.op('Add', [graph.op('Mul', [graph.op('Sqrt', [second]), inverseRate]), epsilon]);
      const parameters = buildDecay(graph, inputs, kept);
      const move = reshape(graph, graph.op('Div', [first, denominator]), dimensionsOf(parameters));
      return { parameters: graph.op('Sub', [parameters, move]), slots: [first, second] };
    },
    scalarsAt: (moment) => {
      const { scale, epsilon } = momentScalars(options, moment);
      const { learningRate } = moment;
      const inverseRate = 1 / Math.max(learningRate * scale, SLOWEST);
      return [inverseRate, epsilon * inverseRate, ...decayScalarsAt(weightDecay, learningRate)];
    },
  };
}

/** Rates below move no weight that float32 holds, 0 among them, and their inverse would not be finite. */
const SLOWEST = 1e-30;

/** Channels that fill the blocks of every processor. */
const CHANNELS = 16;
/** Columns: lines long enough to be worth a call, short enough to be shared by threads. */
const COLUMNS = { fewest: 64, most: 512 };

/** The image [1, channels, h, w] that a long vector looks like; a vector where it does not divide. */
function imageOf(length: number): readonly number[] {
  const positions = length / CHANNELS;
  if (!Number.isInteger(positions)) return [length];
  for (let width = COLUMNS.most; width >= COLUMNS.fewest; width--) {
    if (positions % width === 0) return [1, CHANNELS, positions / width, width];
  }
  return [length];
}

/** Adds the moments' step, M' and V', to the graph. */
function buildMoments(
  graph: Graph,
  { beta1, beta2 }: AdamOptions,
  { gradient: vector, slots: [first, second] }: Pick<OptimizerInputs, 'gradient' | 'slots'>,
): readonly [Value, Value] {
  const gradient = first ? reshape(graph, vector, dimensionsOf(first)) : vector;
  const newSecond = graph.op('Add', [
    graph.op('Mul', [second, graph.scalar(beta2)]),
    graph.op('Mul', [gradient, gradient]),
  ]);
  return [graph.op('Add', [graph.op('Mul', [first, graph.scalar(beta1)]), gradient]), newSecond];
}

/** Adds the moments' step and the ratio M' / (√V' + ε') to the graph. */
export function buildMomentRatio(
  graph: Graph,
  options: AdamOptions,
  inputs: Pick<OptimizerInputs, 'gradient' | 'slots'>,
  epsilon: Value | undefined,
): { readonly ratio: Value; readonly moments: readonly Value[] } {
  const [first, second] = buildMoments(graph, options, inputs);
  const denominator = graph.op('Add', [graph.op('Sqrt', [second]), epsilon]);
  return { ratio: graph.op('Div', [first, denominator]), moments: [first, second] };
}

/** What turns M' / (√V' + ε') into m̂ / (√v̂ + ε) with both moments corrected for their start at zero: ε' and a factor. */
export function momentScalars(
  { beta1, beta2, epsilon }: AdamOptions,
  { step }: Pick<Moment, 'step'>,
): { readonly scale: number; readonly epsilon: number } {
  const correction1 = (1 - beta1) / (1 - beta1 ** step);
  const correction2 = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
  return { scale: correction1 / correction2, epsilon: epsilon / correction2 };
}
