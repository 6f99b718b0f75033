import type { Rewrite } from '../../../onnx/copy.ts';
import type { Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { BlockedImages } from './blockedImages.ts';

/** Operators that compute every element from those at its place, wherever that is. */
const elementwise: ReadonlySet<string> = new Set([
  ...['Abs', 'Add', 'And', 'Cast', 'Clip', 'Div', 'Elu', 'Equal', 'Erf', 'Exp', 'Gelu', 'Greater', 'GreaterOrEqual'],
  ...['HardSigmoid', 'HardSwish', 'LeakyRelu', 'Less', 'LessOrEqual', 'Log', 'Max', 'Min', 'Mish', 'Mul', 'Neg', 'Not'],
  ...['Or', 'Pow', 'Reciprocal', 'Relu', 'Selu', 'Sigmoid', 'Sign', 'Softplus', 'Softsign', 'Sqrt', 'Sub', 'Tanh'],
  ...['Where', 'Xor'],
]);

/** Computes element by element in blocks what reads an image that is in blocks already. */
export function blockElements(graph: Graph, images: BlockedImages): Rewrite {
  return (node, inputs) => {
    const [output] = node.outputs;
    if (!elementwise.has(node.operator) || node.domain !== '' || !output || !images.fits(output)) return undefined;
    const given = inputs.filter((input) => input !== undefined);
    const alike = given.filter((input) => input.shape.join() === output.shape.join());
    const others = given.filter((input) => !alike.includes(input));
    if (!others.every(isSingle) || !alike.some((image) => images.find(image))) return undefined;
    // Truths cannot be reordered.
    if (alike.some((image) => image.type !== 'float32' && !images.find(image))) return undefined;
    const blocked = graph.op(
      node.operator,
      inputs.map((input) => (input && alike.includes(input) ? images.reorder(input) : input)),
      node.attributes,
      { domain: node.domain },
    );
    if (output.type === 'float32') return [images.restore(blocked, output.name)];
    const plain = copyNode(graph, node, inputs);
    images.add(plain, blocked);
    return [plain];
  };
}

const isSingle = ({ shape }: Value) => elementCount(shape.map(Number)) === 1 && shape.length <= 4;

/** For those who read what cannot be reordered as it was; without them it goes. */
function copyNode(graph: Graph, node: Node, inputs: readonly (Value | undefined)[]): Value {
  return graph.op(node.operator, inputs, node.attributes, {
    domain: node.domain,
    name: node.name,
    outputs: [node.outputs[0]?.name ?? ''],
  });
}
