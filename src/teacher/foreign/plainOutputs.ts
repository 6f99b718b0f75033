import { clone, create } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
} from '../../onnx/onnx_pb.ts';

/** A model whose outputs are tensors. */
export interface PlainOutputs {
  readonly proto: ModelProto;
  /** Outputs that were maps from classes to probabilities, which ZipMap makes of a tensor. */
  readonly unzipped: readonly string[];
}

/**
 * The model without its ZipMaps: the tensor that each makes a map of is an output in its place. The names of classes that its operators
 * know become metadata, where it has none.
 */
export function plainOutputs(model: ModelProto): PlainOutputs {
  const proto = clone(ModelProtoSchema, model);
  const unzipped: string[] = [];
  if (!proto.graph) return { proto, unzipped };
  const names = classNames(proto);
  for (const node of proto.graph.node.filter(({ opType }) => opType === 'ZipMap')) {
    const place = proto.graph.output.findIndex(({ name }) => name === node.output[0]);
    const [tensor] = node.input;
    if (place < 0 || tensor === undefined) continue;
    // ONNX Runtime infers the type of an output that declares none.
    proto.graph.output[place] = create(ValueInfoProtoSchema, { name: tensor });
    proto.graph.node = proto.graph.node.filter((other) => other !== node);
    unzipped.push(tensor);
  }
  const key = 'classes';
  if (names && !proto.metadataProps.some((entry) => entry.key === key)) {
    proto.metadataProps.push(create(StringStringEntryProtoSchema, { key, value: JSON.stringify(names) }));
  }
  return { proto, unzipped };
}

/** Names of the classes in the order of the probabilities, as classifiers and ZipMaps have them. */
function classNames({ graph }: ModelProto): readonly string[] | undefined {
  for (const { attribute } of graph?.node ?? []) {
    for (const { name, strings, ints } of attribute) {
      if (!name.startsWith('classlabels_')) continue;
      const names = strings.length > 0 ? strings.map((bytes) => new TextDecoder().decode(bytes)) : ints.map(String);
      if (names.length > 0) return names;
    }
  }
  return undefined;
}
