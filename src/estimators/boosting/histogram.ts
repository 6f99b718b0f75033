import { DistilleryError } from '../../errors.ts';
import { IN_WORD, type BinnedFeatures } from './bins.ts';
import { histogramProgram } from './histogramProgram.ts';

/** Numbers of a bin: the sums of gradients and of second derivatives, and how many rows there are. */
const PARTS = 3;

/** Sums of a node's rows for every bin of every feature. */
export type Histogram = Float64Array;

/** The rows of a node, and their derivatives. */
export interface NodeDerivatives {
  /** Places of `HistogramFiller.order`: the node has the rows from `start` to `end` − 1. */
  readonly start: number;
  readonly end: number;
  /** By row. */
  readonly gradients: Float32Array;
  readonly curvatures: Float32Array;
}

/** What histogram.wat exports; its comments say what the arguments are. */
interface Program {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly addRows: (
    words: number,
    row: number,
    end: number,
    derivatives: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ) => void;
}

/** What is used here of Node's WebAssembly, which its types leave out. */
interface WebAssemblyOfNode {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const PAGE = 2 ** 16;
/** What the program can address. */
const MOST_BYTES = 2 ** 32;

/** A histogram with nothing in it, for the bins of all features. */
export function newHistogram({ firstBins }: BinnedFeatures): Histogram {
  return new Float64Array((firstBins.at(-1) ?? 0) * PARTS);
}

/** Where the sums of a bin begin. */
export function placeOf({ firstBins }: BinnedFeatures, feature: number, bin: number): number {
  return ((firstBins[feature] ?? 0) + bin) * PARTS;
}

/**
 * Fills histograms, by a program in vectors (histogram.wat), which takes a seventh of the time of the same in JavaScript. What the program reads
 * lies in its memory: the bins of all rows, the order of the rows, and the derivatives of a node in that order.
 */
export class HistogramFiller {
  /** The features, their bins in the program's memory. */
  readonly features: BinnedFeatures;
  /** Rows by place. */
  readonly order: Int32Array;
  readonly #program: Program;
  readonly #words: readonly number[];
  /** Gradient and curvature by place. */
  readonly #derivatives: Float32Array;
  readonly #histogram: Float64Array;

  /** @throws DistilleryError `UNSUPPORTED` when the bins of all rows do not fit into the program's memory */
  constructor(features: BinnedFeatures, rows: number) {
    const size = features.words.length;
    const bins = (features.firstBins.at(-1) ?? 0) * PARTS;
    const bytes = 8 * bins + 8 * rows + 4 * rows + 4 * rows * size;
    if (bytes > MOST_BYTES) {
      throw new DistilleryError(
        'UNSUPPORTED',
        `Boosting does not take ${rows} rows of ${features.bounds.length} features.`,
        {
          hint: 'Use fewer of the rows (dataset.limit), or a random forest.',
        },
      );
    }
    this.#program = loadProgram();
    const { memory } = this.#program;
    memory.grow(Math.ceil(bytes / PAGE));
    this.#histogram = new Float64Array(memory.buffer, 0, bins);
    this.#derivatives = new Float32Array(memory.buffer, 8 * bins, 2 * rows);
    this.order = new Int32Array(memory.buffer, 8 * bins + 8 * rows, rows);
    const first = 8 * bins + 12 * rows;
    this.#words = features.words.map((_, word) => first + 4 * rows * word);
    this.features = {
      ...features,
      words: features.words.map((words, word) => {
        const inside = new Uint32Array(memory.buffer, this.#words[word], rows);
        inside.set(words);
        return inside;
      }),
    };
  }

  fill(target: Histogram, { start, end, gradients, curvatures }: NodeDerivatives): void {
    const { order, features } = this;
    const derivatives = this.#derivatives;
    for (let place = start; place < end; place++) {
      const row = order[place] ?? 0;
      derivatives[2 * place] = gradients[row] ?? 0;
      derivatives[2 * place + 1] = curvatures[row] ?? 0;
    }
    this.#histogram.fill(0);
    const [first, last] = [order.byteOffset + 4 * start, order.byteOffset + 4 * end];
    this.#words.forEach((words, word) => {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((each) => 8 * placeOf(features, word * IN_WORD + each, 0));
      this.#program.addRows(words, first, last, derivatives.byteOffset + 8 * start, a, b, c, d);
    });
    target.set(this.#histogram);
  }
}

/** A program with a memory of its own. */
function loadProgram(): Program {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyOfNode }).WebAssembly;
  return new Instance(new Module(Buffer.from(histogramProgram, 'base64'))).exports as Program;
}

/** The histogram of one side of a split: that of the node less that of the other side. @param target may be either of them */
export function subtract(target: Histogram, whole: Histogram, part: Histogram): void {
  for (let index = 0; index < target.length; index++) target[index] = (whole[index] ?? 0) - (part[index] ?? 0);
}
