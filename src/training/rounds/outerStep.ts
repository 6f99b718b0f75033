import { floatTensor, type FloatTensor } from '../../onnx/tensor.ts';

/** Vectors by name. */
export type Vectors = ReadonlyMap<string, FloatTensor>;

/** The mean of what workers came to, who are added one after the other, so that no more than one is in memory. */
export class MeanOfWorkers {
  readonly #sums = new Map<string, Float64Array>();
  #total = 0;

  /** @param share how much the worker counts: its number of samples */
  add(vectors: Vectors, share: number): void {
    this.#total += share;
    for (const [name, { data }] of vectors) {
      const sum = this.#sums.get(name) ?? new Float64Array(data.length);
      if (sum.length !== data.length) throw new TypeError(`A worker's vector '${name}' has another length.`);
      for (let index = 0; index < data.length; index++) sum[index] = (sum[index] ?? 0) + share * (data[index] ?? 0);
      this.#sums.set(name, sum);
    }
  }

  /** An element of the mean of the vectors of this name. */
  at(name: string, index: number): number {
    const sum = this.#sums.get(name);
    if (!sum) throw new TypeError(`No worker has a vector '${name}'.`);
    return (sum[index] ?? 0) / this.#total;
  }
}

export interface OuterOptions {
  readonly learningRate: number;
  readonly momentum: number;
  /** Names of the vectors that the outer step moves; the others become the mean of the workers'. */
  readonly moved: ReadonlySet<string>;
}

/**
 * One step of the outer optimizer of DiLoCo (arXiv 2311.08105): the mean change of the workers is taken for a gradient, which SGD with
 * Nesterov's momentum follows: Δ = mean of θ − θᵢ, m ← μ m + Δ, θ ← θ − η (Δ + μ m). With rate 1 and momentum 0 it is federated
 * averaging (arXiv 1602.05629).
 */
export function outerStep(
  before: { readonly vectors: Vectors; readonly momentum: Vectors },
  mean: MeanOfWorkers,
  { learningRate, momentum, moved }: OuterOptions,
): { readonly vectors: Vectors; readonly momentum: Vectors } {
  const vectors = new Map<string, FloatTensor>();
  const momenta = new Map<string, FloatTensor>();
  for (const [name, { data, shape }] of before.vectors) {
    if (!moved.has(name)) {
      vectors.set(
        name,
        floatTensor(
          Float32Array.from(data, (_, index) => mean.at(name, index)),
          shape,
        ),
      );
      continue;
    }
    const old = before.momentum.get(name)?.data;
    const [next, kept] = [new Float32Array(data.length), new Float32Array(data.length)];
    for (let index = 0; index < data.length; index++) {
      const value = data[index] ?? 0;
      const change = value - mean.at(name, index);
      const carried = momentum * (old?.[index] ?? 0) + change;
      kept[index] = carried;
      next[index] = value - learningRate * (change + momentum * carried);
    }
    vectors.set(name, floatTensor(next, shape));
    momenta.set(name, floatTensor(kept, shape));
  }
  return { vectors, momentum: momenta };
}
