import { formula, type Operand } from '../../autodiff/formula.ts';
import { slice, transposeMatrices } from '../../autodiff/layout.ts';
import { dimensionsOf, int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, floatTensor, type FloatTensor } from '../../onnx/tensor.ts';

/** What an objective keeps from one step to the next: its input in the graph, what it becomes, and what it begins with. */
export interface CarriedState {
  readonly name: string;
  readonly next: Value;
  readonly initial: FloatTensor;
}

/** Added to what an entry that is not filled yet is compared with, so that its share of a softmax is 0. */
const NEVER = -1e9;

/**
 * A first-in-first-out queue of the teacher's features of earlier batches (MoCo, arXiv 1911.05722), the oldest first. It is full after enough
 * batches; until then the entries at its front hold nothing, and do not count. As the teacher does not change, neither do its features, so
 * that the queue needs no slowly moving copy of a network. It is part of the training's state, as running statistics are.
 */
export class FeatureQueue {
  readonly #graph: Graph;
  readonly #features: Value;
  readonly #filled: Value;
  readonly #entries: number;

  /**
   * @param features an input of the graph [entries, D]
   * @param filled an input of the graph [1]: how many of the entries hold a feature, which are the last
   */
  constructor(graph: Graph, features: Value, filled: Value) {
    this.#graph = graph;
    this.#features = features;
    this.#filled = filled;
    this.#entries = dimensionsOf(features)[0] ?? 0;
  }

  /**
   * Products of features with those in the queue, divided by a temperature: what a softmax is taken of, in which entries that are not
   * filled have no share.
   * @param features [B, D] @returns [B, entries]
   */
  logits(features: Value, temperature: Operand): Value {
    const { add, div, isLess, mul, sub } = formula(this.#graph);
    const products = this.#graph.op('MatMul', [features, transposeMatrices(this.#graph, this.#features)]);
    const positions = Float32Array.from({ length: this.#entries }, (_, position) => position);
    // Half an entry less, so that no rounding decides.
    const firstFilled = sub(this.#entries - 0.5, this.#filled);
    const isEmpty = isLess(this.#graph.floats(positions, [this.#entries]), firstFilled);
    return add(div(products, temperature), mul(isEmpty, NEVER));
  }

  /** The queue with a batch of features [B, D] behind it, and without as many of the oldest. */
  pushed(batch: Value): readonly CarriedState[] {
    const { add, min } = formula(this.#graph);
    const [count = 0] = dimensionsOf(batch);
    const entries = this.#entries;
    const shape = dimensionsOf(this.#features);
    const all = this.#graph.op('Concat', [this.#features, batch], { axis: int(0) });
    return [
      {
        name: this.#features.name,
        next: slice(this.#graph, all, [{ axis: 0, start: count, end: count + entries }]),
        initial: floatTensor(new Float32Array(elementCount(shape)), shape),
      },
      {
        name: this.#filled.name,
        next: min(add(this.#filled, count), entries),
        initial: floatTensor([0]),
      },
    ];
  }
}
