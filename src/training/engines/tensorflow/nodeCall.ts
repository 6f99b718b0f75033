import { inputOf, misfit } from '../../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { toNumbers } from '../../../onnx/tensor.ts';
import type { Tensor, TensorFlow } from './tensorflow.ts';
import { tensorOf } from './tensorOf.ts';

/** Whether batch normalisation uses its running statistics or moves them. */
export type Mode =
  | { readonly kind: 'inference' }
  | {
      readonly kind: 'training';
      /** Names of the running statistics that move. */
      readonly moving: ReadonlySet<string>;
      /** Told what a running statistic is after the step. */
      readonly moved: (name: string, tensor: Tensor) => void;
    };

/** What an operator of TensorFlow is asked to compute: one node of the graph and its inputs. */
export class NodeCall {
  readonly tf: TensorFlow;
  readonly node: Node;
  readonly mode: Mode;
  readonly #graph: Graph;
  readonly #tensors: ReadonlyMap<string, Tensor>;

  constructor(tf: TensorFlow, graph: Graph, node: Node, tensors: ReadonlyMap<string, Tensor>, mode: Mode) {
    this.tf = tf;
    this.node = node;
    this.mode = mode;
    this.#graph = graph;
    this.#tensors = tensors;
  }

  /** The tensor at an input. @throws DistilleryError when the node has none there */
  input(index: number): Tensor {
    return this.#tensorOf(inputOf(this.node, index));
  }

  /** The tensor at an input that may be left out. */
  optional(index: number): Tensor | undefined {
    const value = this.node.inputs[index];
    return value && this.#tensorOf(value);
  }

  /** Every input that is there. */
  all(): Tensor[] {
    return this.node.inputs.flatMap((value) => (value ? [this.#tensorOf(value)] : []));
  }

  /**
   * Integers at an input (axes, a shape), which must be known before the graph runs; undefined when there is none.
   * @throws DistilleryError when they depend on the data
   */
  integers(index: number): readonly number[] | undefined {
    const value = this.node.inputs[index];
    if (!value) return undefined;
    const known = this.#graph.known.get(value.name) ?? this.#graph.initializers.get(value.name);
    if (!known) throw misfit(this.node, `input ${index} depends on the data, which this engine cannot follow`);
    return toNumbers(known);
  }

  /** Dimensions of an output, as the graph has inferred them. */
  outputShape(index = 0): number[] {
    const output = this.node.outputs[index];
    if (!output) throw misfit(this.node, `output ${index} is missing`);
    return [...dimensionsOf(output)];
  }

  #tensorOf(value: Value): Tensor {
    const computed = this.#tensors.get(value.name);
    if (computed) return computed;
    const constant = this.#graph.known.get(value.name) ?? this.#graph.initializers.get(value.name);
    if (!constant) throw misfit(this.node, `nothing computes '${value.name}'`);
    return tensorOf(this.tf, constant);
  }
}

/** Computes a node's outputs with TensorFlow's operators; those that nobody reads may be missing at the end. */
export type Operation = (call: NodeCall) => Tensor | readonly Tensor[];

/** Operations by the name of their ONNX operator. */
export type Operations = Readonly<Record<string, Operation>>;
