import { copyNode, type Rewrite } from '../../onnx/copy.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { floatData, type DataType } from '../../onnx/tensor.ts';
import { castTo } from './castTo.ts';
import { operatorPrecision } from './operatorPrecision.ts';

type Values = readonly (Value | undefined)[];

/**
 * Chooses the types of a network's values while it is copied into a training graph, as PyTorch's autocast does (Micikevicius et
 * al., arXiv 1710.03740): casts are inserted before operators, and the gradients of casts are casts, so that the backward pass computes
 * in the types of the forward pass and every weight, which stays float32, gets a float32 gradient.
 */
export class HalfForward {
  readonly #graph: Graph;
  /** Names of the values that depend on samples; weights and constants follow their types. */
  readonly #activations: Set<string>;
  /** Each value is cast once. */
  readonly #casts = new Map<string, Value>();

  /** @param samples what the network's inputs are bound to */
  constructor(graph: Graph, samples: Iterable<Value>) {
    this.#graph = graph;
    this.#activations = new Set([...samples].map(({ name }) => name));
  }

  /**
   * Copies nodes with casts before them where they need other types.
   * @param build consulted for every node, with its inputs cast
   * @param prefix see `copyGraph`
   */
  rewrite(build: Rewrite, prefix: string): Rewrite {
    return (node, inputs) => {
      const isActive = inputs.some((input) => input && this.#activations.has(input.name));
      const read = isActive ? this.#inputsOf(node, inputs) : inputs;
      const outputs = build(node, read) ?? copyNode(this.#graph, node, read, prefix);
      return isActive ? this.#outputsOf(node, inputs, outputs) : outputs;
    };
  }

  /** The inputs of a node, in the types that it computes with. */
  #inputsOf(node: Node, inputs: Values): Values {
    const type = this.#typeOf(node, inputs);
    return inputs.map((input, index) =>
      input && isFloat(input.type) && !isSetting(node, index) ? this.#cast(input, type) : input,
    );
  }

  /** The outputs of a node in the types that they are handed on in; `inputs` are as they were before they were cast. */
  #outputsOf(node: Node, [first]: Values, outputs: Values): Values {
    const narrows = first?.type === 'float16' && operatorPrecision(node) === 'single inside';
    const handed = outputs.map((output) => (output && narrows ? this.#cast(output, 'float16') : output));
    for (const output of handed) if (output) this.#activations.add(output.name);
    return handed;
  }

  #typeOf(node: Node, inputs: Values): DataType {
    switch (operatorPrecision(node)) {
      case 'half':
        return 'float16';
      case 'single':
      case 'single inside':
        return 'float32';
      case 'widest': {
        const types = inputs.flatMap((input) => (input && this.#activations.has(input.name) ? [input.type] : []));
        return types.includes('float16') && !types.includes('float32') ? 'float16' : 'float32';
      }
    }
  }

  #cast(value: Value, type: DataType): Value {
    const key = `${type}:${value.name}`;
    const cast = this.#casts.get(key) ?? this.#roundConstant(value, type) ?? castTo(this.#graph, value, type);
    this.#casts.set(key, cast);
    return cast;
  }

  /** What is constant is rounded once, and what masks with the lowest number of float32 with the lowest of float16, not −∞. */
  #roundConstant(value: Value, type: DataType): Value | undefined {
    const tensor = this.#graph.initializers.get(value.name);
    if (tensor?.type !== 'float32' || type !== 'float16') return undefined;
    return this.#graph.floats(floatData(tensor), tensor.shape, { ...value, type });
  }
}

/** Inputs that say how an operator works: always float32. */
function isSetting({ operator }: Node, index: number): boolean {
  return operator === 'Resize' && index > 0;
}

function isFloat(type: DataType): boolean {
  return type === 'float32' || type === 'float16';
}
