import { encodeFloat16Array } from '../onnx/float16.ts';
import type { ModelProto, NodeProto } from '../onnx/onnx_pb.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import { ModelEditor, nodeOf, rewired } from './editModel.ts';

/** Smaller weights, scales and constants among them, stay as they are. */
const FEWEST_ELEMENTS = 64;

/**
 * The model with its weights stored as float16. They are made float32 again where they are read, which runtimes do once, so that
 * the model runs wherever it ran before. Weights beyond the range of float16 stay as they are.
 */
export function storeInFloat16(model: ModelProto): ModelProto {
  const editor = new ModelEditor(model);
  const widened = new Map<string, string>();
  const casts: NodeProto[] = [];
  const wide = (name: string): string => {
    const known = widened.get(name);
    if (known !== undefined) return known;
    const weight = editor.floatWeight(name);
    const fits =
      weight && weight.data.length >= FEWEST_ELEMENTS && weight.data.every((value) => Math.abs(value) <= 65504);
    if (!fits) return name;
    const data = encodeFloat16Array(weight.data);
    const half = editor.addWeight(`${name}.float16`, { type: 'float16', shape: weight.shape, data });
    const result = editor.freshName(`${name}.float32`);
    casts.push(nodeOf('Cast', [half], [result], { to: dataTypeCode('float32') }));
    widened.set(name, result);
    return result;
  };
  const nodes = editor.nodes.map((node) => rewired(node, { input: node.input.map(wide) }));
  editor.replaceNodes([...casts, ...nodes]);
  return editor.model;
}
