import { create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import {
  AttributeProto_AttributeType,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
} from '../onnx_pb.ts';
import { elementCount } from '../tensor.ts';
import { decodeTensor, dimensionsOfProto, encodeTensor } from '../tensorProto.ts';
import { damaged } from './checkModel.ts';

/** More than a file may hold itself. */
const MOST_BYTES = 2 ** 31;

/**
 * Stores weights, of which a file has the numbers other than zero alone (ONNX IR, `SparseTensorProto`), as any others: those of graphs and of
 * constants. Changes `model`.
 * @throws DistilleryError `BAD_FILE` where places and numbers do not fit, `UNSUPPORTED` where there are too many zeros
 */
export function storeDenseWeights({ graph, functions }: ModelProto): void {
  if (graph) inGraph(graph);
  for (const { node } of functions) inNodes(node);
}

function inGraph(graph: GraphProto): void {
  if (graph.sparseInitializer.length > 0) {
    graph.initializer.push(...graph.sparseInitializer.map((sparse) => denseTensor(sparse, sparse.values?.name ?? '')));
    graph.sparseInitializer = [];
  }
  inNodes(graph.node);
}

function inNodes(nodes: readonly NodeProto[]): void {
  for (const node of nodes) {
    for (const attribute of node.attribute) {
      if (attribute.sparseTensor && node.opType === 'Constant') {
        attribute.name = 'value';
        attribute.t = denseTensor(attribute.sparseTensor, node.output[0] ?? '');
        attribute.type = AttributeProto_AttributeType.TENSOR;
        attribute.sparseTensor = undefined;
      }
      for (const nested of [...(attribute.g ? [attribute.g] : []), ...attribute.graphs]) inGraph(nested);
    }
  }
}

function denseTensor({ values, indices, dims }: SparseTensorProto, name: string): TensorProto {
  const sketch = create(TensorProtoSchema, { name, dims, dataType: values?.dataType ?? 0 });
  const shape = dimensionsOfProto(sketch);
  if (!values || !indices) throw damaged(`the sparse tensor '${name}' has no numbers or no places`);
  const { rawData } = encodeTensor('', decodeTensor(values));
  const count = elementCount(dimensionsOfProto(values));
  const bytes = count === 0 ? 0 : rawData.length / count;
  if (elementCount(shape) * bytes > MOST_BYTES) {
    throw new DistilleryError('UNSUPPORTED', `The sparse tensor '${name}' has more than 2 GB with its zeros.`, {
      hint: 'Export the model with smaller matrices, or with dense ones in files of their own.',
    });
  }
  const places = placesOf(decodeTensor(indices).data, dimensionsOfProto(indices), shape);
  if (places?.length !== count || !places.every((place) => place >= 0 && place < elementCount(shape))) {
    throw damaged(`the sparse tensor '${name}' has ${count} numbers, and not a place for each`);
  }
  const dense = new Uint8Array(elementCount(shape) * (bytes || 4));
  for (const [at, place] of places.entries()) {
    dense.set(rawData.subarray(at * bytes, (at + 1) * bytes), place * bytes);
  }
  sketch.rawData = dense;
  return sketch;
}

/** Places in the order of memory: they are stored as such, [count], or by their indices, [count, axes]. */
function placesOf(
  stored: ReturnType<typeof decodeTensor>['data'],
  [count = 0, axes]: readonly number[],
  shape: readonly number[],
): readonly number[] | undefined {
  const numbers = Array.from(stored, Number);
  if (axes === undefined) return numbers;
  if (axes !== shape.length) return undefined;
  return Array.from({ length: count }, (_, at) =>
    shape.reduce((place, size, axis) => place * size + (numbers[at * axes + axis] ?? 0), 0),
  );
}
