import { sequentialBatches } from '../../data/batches.ts';
import type { Split } from '../../data/samples/split.ts';
import { DistilleryError } from '../../errors.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { SoftTreePath, SoftTreeReport } from '../../report/trees/softTreeReport.ts';
import { rounded } from './rounded.ts';

/** What a soft decision tree computes for a batch. */
export interface SoftTreeOutputs {
  /** Log probabilities of the classes [B, C]. */
  readonly logits: Float32Array;
  /** Log-odds of going right at every inner node [B, nodes]. */
  readonly routing: Float32Array;
  /** Log probability of every leaf [B, leaves]. */
  readonly leafLogProbabilities: Float32Array;
  /** Log distribution of every leaf [leaves, C]. */
  readonly leafLogDistributions: Float32Array;
}

export interface MeasureOptions {
  /** Runs the tree. @param samples [batchSize, …] */
  readonly run: (samples: Float32Array) => Promise<SoftTreeOutputs>;
  readonly batchSize: number;
  readonly split: Split;
  readonly sampleShape: readonly number[];
  readonly classes: number;
  /** 2^depth. */
  readonly leaves: number;
  readonly signal: AbortSignal;
}

/** Mistakes whose paths are shown. */
const shownMistakes = 5;
/** Right samples whose paths are shown, at most, when there are many classes. */
const shownRight = 10;

/** What samples do in a tree. */
export type SoftTreeTraffic = Pick<SoftTreeReport, 'leaves' | 'paths'>;

/**
 * Sends a whole split through a tree.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function measureSoftTree(options: MeasureOptions): Promise<SoftTreeTraffic> {
  const { split, batchSize, classes, leaves } = options;
  const { targets } = split;
  if (targets.kind !== 'classes') throw new DistilleryError('INTERNAL', 'A soft decision tree without classes.');
  const samples = new Float64Array(leaves);
  const probabilities = new Float64Array(leaves);
  let distributions = new Float32Array(leaves * classes);
  const right = new Map<number, SoftTreePath>();
  const mistakes: { readonly loss: number; readonly path: SoftTreePath }[] = [];
  const values = new Float32Array(batchSize * elementCount(options.sampleShape));
  let done = 0;
  for (const { indices, count } of sequentialBatches(split.count, batchSize)) {
    if (options.signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
    await split.read(indices, values);
    const outputs = await options.run(values);
    distributions = Float32Array.from(outputs.leafLogDistributions);
    for (let row = 0; row < count; row++) {
      const reached = rowOf(outputs.leafLogProbabilities, row, leaves);
      reached.forEach((logarithm, leaf) => (probabilities[leaf] = (probabilities[leaf] ?? 0) + Math.exp(logarithm)));
      const leaf = largestOf(reached);
      samples[leaf] = (samples[leaf] ?? 0) + 1;
      const logits = rowOf(outputs.logits, row, classes);
      const [label, predicted] = [targets.labels[done + row] ?? 0, largestOf(logits)];
      const describe = (): SoftTreePath => ({
        sample: done + row,
        values: [...rowOf(values, row, values.length / batchSize)].map(rounded),
        label,
        predicted,
        leaf,
        probability: rounded(Math.exp(reached[leaf] ?? 0)),
        right: rightOnTheWay(rowOf(outputs.routing, row, leaves - 1), leaf),
      });
      if (label === predicted) {
        if (!right.has(label) && right.size < shownRight) right.set(label, describe());
      } else {
        const loss = -(logits[label] ?? 0);
        if (mistakes.length === shownMistakes && loss <= (mistakes.at(-1)?.loss ?? 0)) continue;
        mistakes.push({ loss, path: describe() });
        mistakes.sort((a, b) => b.loss - a.loss).splice(shownMistakes);
      }
    }
    done += count;
  }
  return {
    leaves: Array.from({ length: leaves }, (_, leaf) => ({
      distribution: [...rowOf(distributions, leaf, classes)].map((logarithm) => rounded(Math.exp(logarithm))),
      samples: samples[leaf] ?? 0,
      probability: rounded((probabilities[leaf] ?? 0) / split.count),
    })),
    paths: [...[...right.values()].sort((a, b) => a.label - b.label), ...mistakes.map(({ path }) => path)],
  };
}

/** Probabilities of going right at the nodes above a leaf, from the root on. @param routing log-odds [nodes] */
function rightOnTheWay(routing: Float32Array, leaf: number): number[] {
  const right: number[] = [];
  for (let node = routing.length + leaf; node > 0;) {
    node = (node - 1) >> 1;
    right.unshift(rounded(1 / (1 + Math.exp(-(routing[node] ?? 0)))));
  }
  return right;
}

function rowOf(data: Float32Array, row: number, width: number): Float32Array {
  return data.subarray(row * width, (row + 1) * width);
}

/** Index of the largest entry, the first one among equals. */
function largestOf(row: Float32Array): number {
  return row.reduce((best, value, index) => (value > (row[best] ?? 0) ? index : best), 0);
}
