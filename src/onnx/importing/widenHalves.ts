import { clone } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import type { ModelFile } from '../file.ts';
import { decodeFloat16Array } from '../float16.ts';
import { ModelProtoSchema, type GraphProto, type NodeProto, type TensorProto, type TypeProto } from '../onnx_pb.ts';
import { dataTypeCode, decodeTensor, encodeTensor } from '../tensorProto.ts';

const half = dataTypeCode('float16');
const float = dataTypeCode('float32');

/** Attributes that name the element type of an output. */
const typeAttributes = new Set(['to', 'dtype']);

/**
 * A model whose numbers of half precision (float16) are float32: weights, constants, inputs, outputs, casts, nested graphs. It computes what
 * the file computes without rounding in between, and can be trained. A file without any is returned as it is.
 */
export function widenHalves(file: ModelFile): ModelFile {
  if (!file.proto.graph || !graphHasHalves(file.proto.graph)) return file;
  const proto = clone(ModelProtoSchema, file.proto);
  if (proto.graph) widenGraph(proto.graph);
  return { ...file, proto, isChanged: true };
}

function graphHasHalves({ initializer, input, output, node }: GraphProto): boolean {
  return (
    initializer.some(({ dataType }) => dataType === half) ||
    [...input, ...output].some(({ type }) => isHalf(type)) ||
    node.some(nodeHasHalves)
  );
}

function nodeHasHalves({ attribute }: NodeProto): boolean {
  return attribute.some(
    ({ name, i, t, g }) =>
      (typeAttributes.has(name) && Number(i) === half) ||
      t?.dataType === half ||
      (g !== undefined && graphHasHalves(g)),
  );
}

function widenGraph(graph: GraphProto): void {
  graph.initializer = graph.initializer.map(widenTensor);
  for (const { type } of [...graph.input, ...graph.output, ...graph.valueInfo]) {
    if (type?.value.case === 'tensorType' && isHalf(type)) type.value.value.elemType = float;
  }
  graph.node.forEach(widenNode);
}

function widenNode(node: NodeProto): void {
  for (const attribute of node.attribute) {
    if (typeAttributes.has(attribute.name) && Number(attribute.i) === half) attribute.i = BigInt(float);
    if (attribute.t) attribute.t = widenTensor(attribute.t);
    if (attribute.g) widenGraph(attribute.g);
  }
}

function widenTensor(tensor: TensorProto): TensorProto {
  if (tensor.dataType !== half) return tensor;
  const { shape, data } = decodeTensor(tensor);
  if (!(data instanceof Uint16Array)) throw new DistilleryError('INTERNAL', `'${tensor.name}' is not of halves.`);
  return encodeTensor(tensor.name, { type: 'float32', shape, data: decodeFloat16Array(data) });
}

function isHalf(type: TypeProto | undefined): boolean {
  return type?.value.case === 'tensorType' && type.value.value.elemType === half;
}
