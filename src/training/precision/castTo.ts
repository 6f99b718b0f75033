import { int, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { DataType } from '../../onnx/tensor.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';

/** `value` as numbers of this type; itself when it is of it. */
export function castTo(graph: Graph, value: Value, type: DataType): Value {
  return value.type === type ? value : graph.op('Cast', [value], { to: int(dataTypeCode(type)) });
}
