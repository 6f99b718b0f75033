import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../errors.ts';
import { ModelProtoSchema, NodeProtoSchema, type GraphProto, type ModelProto } from '../onnx/onnx_pb.ts';
import { floatData, floatTensor } from '../onnx/tensor.ts';
import { decodeTensor, encodeTensor } from '../onnx/tensorProto.ts';

/**
 * The model with numbers added to its logits: to the bias of its last layer where only that layer reads it, or else by a node at
 * its end.
 *
 * @param output name of the logits
 * @param offsets one for every class
 */
export function addToLogits(model: ModelProto, output: string, offsets: Float32Array): ModelProto {
  const changed = clone(ModelProtoSchema, model);
  const { graph } = changed;
  if (!graph) throw new DistilleryError('BAD_FILE', 'The model holds no graph.');
  if (!addToBias(graph, output, offsets)) appendSum(graph, output, offsets);
  return changed;
}

function addToBias(graph: GraphProto, output: string, offsets: Float32Array): boolean {
  const last = graph.node.find((node) => node.output.includes(output));
  const bias = last?.opType === 'Gemm' ? last.input[2] : undefined;
  const place = graph.initializer.findIndex(({ name }) => name === bias);
  const stored = graph.initializer[place];
  const scale = last?.attribute.find(({ name }) => name === 'beta')?.f ?? 1;
  const readers = graph.node.filter(({ input }) => bias !== undefined && input.includes(bias));
  if (!stored || readers.length !== 1 || scale !== 1) return false;
  const tensor = decodeTensor(stored);
  if (tensor.type !== 'float32' || tensor.data.length !== offsets.length) return false;
  const sum = floatData(tensor).map((value, index) => value + (offsets[index] ?? 0));
  graph.initializer[place] = encodeTensor(stored.name, floatTensor(sum, tensor.shape));
  return true;
}

function appendSum(graph: GraphProto, output: string, offsets: Float32Array): void {
  const [before, added] = [`${output}.uncorrected`, `${output}.offsets`];
  for (const node of graph.node) {
    node.output = node.output.map((name) => (name === output ? before : name));
    node.input = node.input.map((name) => (name === output ? before : name));
  }
  graph.initializer.push(encodeTensor(added, floatTensor(offsets)));
  graph.node.push(create(NodeProtoSchema, { opType: 'Add', name: added, input: [before, added], output: [output] }));
}
