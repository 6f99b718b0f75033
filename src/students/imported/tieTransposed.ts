import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type ModelProto,
  type TensorProto,
} from '../../onnx/onnx_pb.ts';
import { floatData } from '../../onnx/tensor.ts';
import { tensorKinds } from '../../onnx/tensorKinds.ts';
import { dataTypeCode, decodeTensor } from '../../onnx/tensorProto.ts';

/** A model in which a matrix that its file has twice, once transposed, is one weight. */
export interface TiedModel {
  readonly model: ModelProto;
  /** Names of the matrices that are computed now, each with that of the one that it is the transpose of. */
  readonly tied: readonly (readonly [transposed: string, weight: string])[];
}

/** A matrix of the file, and a number that all arrangements of its elements share. */
interface Matrix {
  readonly stored: TensorProto;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
  readonly key: string;
}

/**
 * Makes one weight of a matrix and its transpose, where an exporter stored what the program transposed, such as the embedding that is the output layer,
 * too: trained apart they would no longer be one. Two matrices that are so to the last bit are one on purpose, unless there are several that they may
 * be, as in layers that are copies of each other.
 */
export function tieTransposed(model: ModelProto): TiedModel {
  const pairs = model.graph ? transposes(model.graph) : [];
  if (pairs.length === 0) return { model, tied: [] };
  const changed = clone(ModelProtoSchema, model);
  const graph = changed.graph;
  if (!graph) return { model, tied: [] };
  const computed = new Set(pairs.map(([transposed]) => transposed));
  graph.initializer = graph.initializer.filter(({ name }) => !computed.has(name));
  // Files of older versions declare their weights as inputs, too.
  graph.input = graph.input.filter(({ name }) => !computed.has(name));
  graph.node.unshift(
    ...pairs.map(([transposed, weight]) =>
      create(NodeProtoSchema, {
        name: `${transposed}.transpose`,
        opType: 'Transpose',
        input: [weight],
        output: [transposed],
        attribute: [{ name: 'perm', type: AttributeType.INTS, ints: [1n, 0n] }],
      }),
    ),
  );
  return { model: changed, tied: pairs };
}

function transposes(graph: GraphProto): readonly (readonly [string, string])[] {
  const alike = new Map<string, Matrix[]>();
  for (const matrix of graph.initializer.flatMap((stored) => matrixOf(stored) ?? [])) {
    alike.set(matrix.key, [...(alike.get(matrix.key) ?? []), matrix]);
  }
  const kinds = tensorKinds(graph);
  const isOwn = ({ stored: { name } }: Matrix): boolean =>
    kinds.get(name) === 'parameter' || (!kinds.has(name) && /\.\D/.test(name));
  return [...alike.values()].flatMap(([one, other, ...more]) => {
    if (!one || !other || more.length > 0 || !isTransposed(one, other)) return [];
    const [weight, transposed] = isOwn(other) && !isOwn(one) ? [other, one] : [one, other];
    return [[transposed.stored.name, weight.stored.name] as const];
  });
}

function matrixOf(stored: TensorProto): Matrix | undefined {
  const [rows = 0, columns = 0, ...others] = stored.dims.map(Number);
  if (stored.dataType !== dataTypeCode('float32') || others.length > 0 || rows < 2 || columns < 2) return undefined;
  const data = floatData(decodeTensor(stored));
  const bits = new Uint32Array(data.slice().buffer);
  // What does not depend on the order of elements; zeros and ones alone are no sign of anything.
  if (new Set(bits.subarray(0, 64)).size < 3) return undefined;
  let [sum, mixed] = [0, 0];
  for (const each of bits) {
    sum = (sum + each) >>> 0;
    mixed = (mixed ^ Math.imul(each, 0x9e3779b1)) >>> 0;
  }
  return { stored, rows, columns, data, key: `${Math.min(rows, columns)}×${Math.max(rows, columns)} ${sum} ${mixed}` };
}

function isTransposed(one: Matrix, other: Matrix): boolean {
  const { rows, columns } = one;
  if (rows !== other.columns || columns !== other.rows) return false;
  // A symmetric matrix, such as that of a formula, may be there twice by itself.
  let isSymmetric = rows === columns;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [here, there] = [row * columns + column, column * rows + row];
      if (!Object.is(one.data[here], other.data[there])) return false;
      isSymmetric &&= Object.is(one.data[here], one.data[there]);
    }
  }
  return !isSymmetric;
}
