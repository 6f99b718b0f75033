import { floatTensor } from '../onnx/tensor.ts';
import type { ModelProto, NodeProto } from '../onnx/onnx_pb.ts';
import { floatAttribute, ModelEditor, rewired } from './editModel.ts';
import { weightedNode } from './weightedNodes.ts';

/**
 * The model with every batch normalisation that follows a convolution alone put into that convolution's weights:
 * w · γ / √(σ² + ε) and (b − μ) · γ / √(σ² + ε) + β. Its outputs are the same but for rounding.
 */
export function foldBatchNormalization(model: ModelProto): ModelProto {
  const editor = new ModelEditor(model);
  const readers = new Map<string, number>();
  for (const name of [...editor.outputs, ...editor.nodes.flatMap(({ input }) => input)]) {
    readers.set(name, (readers.get(name) ?? 0) + 1);
  }
  const nodes = [...editor.nodes];
  for (const [position, node] of nodes.entries()) {
    if (node.opType !== 'BatchNormalization') continue;
    const [input = ''] = node.input;
    const before = nodes.findIndex(({ output }) => output[0] === input);
    const convolution = nodes[before];
    if (convolution?.opType !== 'Conv' || readers.get(input) !== 1) continue;
    const folded = fold(convolution, node, editor);
    if (!folded) continue;
    nodes[before] = folded;
    nodes.splice(position, 1, rewired(folded, { input: [], output: [] }));
  }
  editor.replaceNodes(nodes.filter(({ output }) => output.length > 0));
  return editor.model;
}

function fold(convolution: NodeProto, normalization: NodeProto, editor: ModelEditor): NodeProto | undefined {
  const weighted = weightedNode(convolution, editor);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => editor.floatWeight(normalization.input[index]));
  if (!weighted || !gamma || !beta || !mean || !variance) return undefined;
  const epsilon = floatAttribute(normalization, 'epsilon', 1e-5);
  const { weight, bias } = weighted;
  const factors = gamma.data.map((value, channel) => value / Math.sqrt((variance.data[channel] ?? 0) + epsilon));
  const perChannel = weight.data.length / factors.length;
  const scaled = weight.data.map((value, index) => value * (factors[Math.floor(index / perChannel)] ?? 1));
  const shifted = factors.map(
    (factor, channel) => ((bias?.data[channel] ?? 0) - (mean.data[channel] ?? 0)) * factor + (beta.data[channel] ?? 0),
  );
  const [output = ''] = normalization.output;
  return rewired(convolution, {
    input: [
      weighted.input,
      editor.addWeight(`${weighted.weightName}.folded`, floatTensor(scaled, weight.shape)),
      editor.addWeight(`${weighted.weightName}.folded.bias`, floatTensor(shifted)),
    ],
    output: [output],
  });
}
