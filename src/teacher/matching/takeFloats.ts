import { clone, create } from '@bufbuild/protobuf';
import type { ModelFile } from '../../onnx/file.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
  type NodeProto,
} from '../../onnx/onnx_pb.ts';
import type { OtherNumbers } from '../../onnx/otherNumbers.ts';
import { floatTensor } from '../../onnx/tensor.ts';
import { dataTypeCode, encodeTensor } from '../../onnx/tensorProto.ts';

/**
 * The network with an input of float32 in place of one of other numbers; whole ones are rounded to, and kept within bytes where it
 * takes bytes. Everything else keeps its name.
 */
export function takeFloats(file: ModelFile, { input, type, isWhole }: OtherNumbers): ModelFile {
  const proto = clone(ModelProtoSchema, file.proto);
  const declared = proto.graph?.input.find(({ name }) => name === input);
  if (!proto.graph || declared?.type?.value.case !== 'tensorType') return file;
  const name = (part: string): string => `${input}/as float32/${part}`;
  const nodes: NodeProto[] = [];
  let last = name('samples');
  const add = (opType: string, inputs: readonly string[], output: string, to?: bigint): void => {
    const attribute =
      to === undefined ? [] : [create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: to })];
    nodes.push(create(NodeProtoSchema, { name: output, opType, input: [...inputs], output: [output], attribute }));
    last = output;
  };
  const constants: [string, number][] = [];
  const constant = (part: string, value: number): string => {
    constants.push([name(part), value]);
    return name(part);
  };
  // These operators are the same in every operator set that is read: Round and Clip are not.
  if (isWhole) {
    add('Add', [last, constant('half', 0.5)], name('raised'));
    add('Floor', [last], name('rounded'));
  }
  if (type === 'uint8') {
    add('Max', [last, constant('least', 0)], name('positive'));
    add('Min', [last, constant('most', 255)], name('bytes'));
  }
  add('Cast', [last], input, BigInt(dataTypeCode(type)));
  declared.type.value.value.elemType = dataTypeCode('float32');
  const renamed = create(ValueInfoProtoSchema, { name: name('samples'), type: declared.type });
  proto.graph.input = proto.graph.input.map((one) => (one === declared ? renamed : one));
  proto.graph.node.unshift(...nodes);
  proto.graph.initializer.push(...constants.map(([label, value]) => encodeTensor(label, floatTensor(value))));
  return { ...file, proto, isChanged: true };
}

/** Whether all numbers are whole, but for rounding. */
export function areWhole(values: Float32Array): boolean {
  return values.every((value) => Math.abs(value - Math.round(value)) <= 1e-3 * Math.max(1, Math.abs(value) / 100));
}
