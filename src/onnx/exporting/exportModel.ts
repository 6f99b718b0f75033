import { create, fromBinary } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import { OPSET, type Graph } from '../graph.ts';
import type { Attribute, Node, Value } from '../node.ts';
import { composeForOpset } from './composeForOpset.ts';
import { exportOpsets } from './exportOpsets.ts';
import { firstOpsetOf, irVersionOf, nodeAtOpset } from './olderOpset.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetIdProto,
  type ValueInfoProto,
} from '../onnx_pb.ts';
import { toInt64, type Dimension } from '../tensor.ts';
import { dataTypeCode, encodeTensor } from '../tensorProto.ts';

export interface ExportOptions {
  /** Name of the graph in the file. */
  readonly name: string;
  /** Free entries for whoever uses the model: classes, transforms, where it came from. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Makes axis 0 of every input and output symbolic, named `batch` or as given. */
  readonly dynamicBatch?: boolean | string;
  /** Operator set to write; default: the canonical one, or the first that has all operators of the graph. */
  readonly opset?: number;
  readonly producerVersion?: string;
}

/**
 * A graph as an ONNX model. Shapes between inputs and outputs are left to the runtime; initializers that nothing reads
 * are left out.
 * @throws DistilleryError `UNSUPPORTED` naming a node that the operator set does not have; `INTERNAL` when a nested
 *   graph's bytes are damaged
 */
export function exportModel(given: Graph, options: ExportOptions): ModelProto {
  const batch = options.dynamicBatch === true ? 'batch' : options.dynamicBatch;
  const axis0 = typeof batch === 'string' ? batch : undefined;
  const opset = options.opset ?? Math.max(OPSET, ...given.nodes.map(firstOpsetOf));
  if (opset < exportOpsets.oldest) {
    throw new DistilleryError(
      'UNSUPPORTED',
      `Operator set ${opset} cannot be written; the oldest is ${exportOpsets.oldest}.`,
    );
  }
  const graph = composeForOpset(given, opset);
  const nodes = graph.nodes.map((node) => nodeAtOpset(graph, node, opset));
  const read = namesRead(graph, nodes);
  return create(ModelProtoSchema, {
    irVersion: BigInt(irVersionOf(opset)),
    producerName: 'distillery',
    ...(options.producerVersion === undefined ? {} : { producerVersion: options.producerVersion }),
    graph: create(GraphProtoSchema, {
      name: options.name,
      node: withOwnNames(nodes).map(exportNode),
      initializer: [...graph.initializers].flatMap(([name, tensor]) =>
        read.has(name) ? [encodeTensor(name, tensor)] : [],
      ),
      input: graph.inputs.map((value) => exportValue(value, axis0)),
      output: graph.outputs.map((value) => exportValue(value, axis0)),
    }),
    opsetImport: operatorSets(nodes, opset),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
}

/** Names of all values that a node, a nested graph or a graph output reads. */
function namesRead(graph: Graph, nodes: readonly Node[]): Set<string> {
  const names = new Set(graph.outputs.map((output) => output.name));
  for (const node of nodes) {
    for (const input of node.inputs) if (input) names.add(input.name);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind === 'graph') for (const name of attribute.captures) names.add(name);
    }
  }
  return names;
}

/** Nodes of names that no two share: one without a name is called like its output, and another may have that name already. */
function withOwnNames(nodes: readonly Node[]): Node[] {
  const all = new Set(nodes.map(({ name }) => name));
  if (all.size === nodes.length) return [...nodes];
  const given = new Set<string>();
  return nodes.map((node) => {
    let { name } = node;
    for (let number = 2; given.has(name); number++) {
      const other = `${node.name}.${number}`;
      if (!all.has(other)) name = other;
    }
    given.add(name);
    return { ...node, name };
  });
}

function operatorSets(nodes: readonly Node[], opset: number): OperatorSetIdProto[] {
  const domains = new Set(nodes.map((node) => node.domain).filter((domain) => domain !== ''));
  return [
    create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }),
    ...[...domains].map((domain) => create(OperatorSetIdProtoSchema, { domain, version: 1n })),
  ];
}

function exportNode(node: Node): NodeProto {
  const proto = create(NodeProtoSchema, {
    name: node.name,
    opType: node.operator,
    input: withoutTrailing(node.inputs.map((input) => input?.name ?? '')),
    output: node.outputs.map((output) => output?.name ?? ''),
    attribute: Object.entries(node.attributes).map(([name, attribute]) => exportAttribute(node, name, attribute)),
  });
  if (node.domain !== '') proto.domain = node.domain;
  return proto;
}

/** Without empty names at the end: some operators take an input that is named, even so, as given. */
function withoutTrailing(names: readonly string[]): string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
}

function exportAttribute(node: Node, name: string, attribute: Attribute): AttributeProto {
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: toInt64(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: utf8(attribute.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.value.map(toInt64) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...attribute.value] });
    case 'strings':
      return create(AttributeProtoSchema, { name, type: AttributeType.STRINGS, strings: attribute.value.map(utf8) });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: encodeTensor('', attribute.value) });
    case 'graph':
      try {
        const nested = fromBinary(GraphProtoSchema, attribute.bytes);
        return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: nested });
      } catch (cause) {
        throw new DistilleryError('INTERNAL', `Node '${node.name}': its nested graph '${name}' is damaged.`, { cause });
      }
  }
}

function exportValue(value: Value, axis0: string | undefined): ValueInfoProto {
  const dim = value.shape.map((dimension, axis) => ({
    value: exportDimension(axis === 0 && axis0 !== undefined ? axis0 : dimension),
  }));
  return create(ValueInfoProtoSchema, {
    name: value.name,
    type: { value: { case: 'tensorType', value: { elemType: dataTypeCode(value.type), shape: { dim } } } },
  });
}

type DimensionProto =
  | { readonly case: 'dimValue'; readonly value: bigint }
  | { readonly case: 'dimParam'; readonly value: string };

function exportDimension(dimension: Dimension): DimensionProto {
  return typeof dimension === 'number'
    ? { case: 'dimValue', value: BigInt(dimension) }
    : { case: 'dimParam', value: dimension };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
