import { clone, create } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
} from '../../onnx/onnx_pb.ts';
import { dataTypeCode } from '../../onnx/tensorProto.ts';
import { namesOfClasses } from './namesOfClasses.ts';

const STRING = dataTypeCode('string');

/** A model whose outputs are tensors. */
export interface PlainOutputs {
  readonly proto: ModelProto;
  /** Outputs that were maps from classes to probabilities, which ZipMap makes of a tensor. */
  readonly unzipped: readonly string[];
}

/**
 * The model without its ZipMaps: the tensor that each makes a map of is an output in its place. The names of classes that its operators
 * know become metadata, where it has none. Labels need not be what they are declared as: skl2onnx declares the numbers that a one-against-one classifier
 * gives as the texts that they stand for, which ONNX Runtime refuses.
 */
export function plainOutputs(model: ModelProto): PlainOutputs {
  const proto = clone(ModelProtoSchema, model);
  const unzipped: string[] = [];
  if (!proto.graph) return { proto, unzipped };
  const names = namesOfClasses(proto.graph);
  for (const node of proto.graph.node.filter(({ opType }) => opType === 'ZipMap')) {
    const place = proto.graph.output.findIndex(({ name }) => name === node.output[0]);
    const [tensor] = node.input;
    if (place < 0 || tensor === undefined) continue;
    // ONNX Runtime infers the type of an output that declares none.
    proto.graph.output[place] = create(ValueInfoProtoSchema, { name: tensor });
    proto.graph.node = proto.graph.node.filter((other) => other !== node);
    unzipped.push(tensor);
  }
  for (const output of proto.graph.output) {
    const { value } = output.type ?? {};
    if (value?.case === 'tensorType' && value.value.elemType === STRING) delete output.type;
  }
  const key = 'classes';
  if (names && !proto.metadataProps.some((entry) => entry.key === key)) {
    proto.metadataProps.push(create(StringStringEntryProtoSchema, { key, value: JSON.stringify(names) }));
  }
  return { proto, unzipped };
}
