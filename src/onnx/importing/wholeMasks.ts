import { clone, create } from '@bufbuild/protobuf';
import type { ModelFile } from '../file.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  type GraphProto,
  type NodeProto,
} from '../onnx_pb.ts';
import { intTensor } from '../tensor.ts';
import { encodeTensor } from '../tensorProto.ts';

/** The place of the mask among the inputs of an `Attention`. */
const MASK = 3;

/**
 * A model whose masks of attention have a row for every query. The operator (operator set 23) takes one row for all, as PyTorch writes what hides
 * the padding of texts; ONNX Runtime (1.30) does not. A model without such masks is returned as it is.
 */
export function wholeMasks(file: ModelFile): ModelFile {
  if (!file.proto.graph?.node.some((node) => hasShortMask(node, file.proto.graph))) return file;
  const proto = clone(ModelProtoSchema, file.proto);
  const { graph } = proto;
  if (!graph) return file;
  const taken = new Set([...graph.node.flatMap(({ output }) => output), ...graph.initializer.map(({ name }) => name)]);
  const fresh = (like: string): string => {
    let name = like;
    for (let number = 2; taken.has(name); number++) name = `${like}.${number}`;
    taken.add(name);
    return name;
  };
  const one = fresh('mask.one');
  graph.initializer.push(encodeTensor(one, intTensor([1])));
  graph.node = graph.node.flatMap((node) => {
    if (!hasShortMask(node, graph)) return [node];
    const [queries = ''] = node.input;
    const [rows, sizes, mask] = ['rows', 'sizes', 'whole'].map((part) => fresh(`${node.output[0] ?? ''}.mask.${part}`));
    const integer = (name: string, value: bigint) => ({ name, i: value, type: AttributeType.INT });
    const made = (opType: string, input: string[], output = '', attribute: ReturnType<typeof integer>[] = []) =>
      create(NodeProtoSchema, { opType, name: output, input, output: [output], attribute });
    const nodes = [
      made('Shape', [queries], rows, [integer('start', -2n), integer('end', -1n)]),
      made('Concat', [rows ?? '', one], sizes, [integer('axis', 0n)]),
      made('Expand', [node.input[MASK] ?? '', sizes ?? ''], mask),
    ];
    node.input[MASK] = mask ?? '';
    return [...nodes, node];
  });
  return { ...file, proto, isChanged: true };
}

/** Whether a node is an attention with a mask that may have one row for all queries: its file says so, or nothing of the mask. */
function hasShortMask({ opType, domain, input }: NodeProto, graph: GraphProto | undefined): boolean {
  const mask = input[MASK] ?? '';
  if (opType !== 'Attention' || (domain !== '' && domain !== 'ai.onnx') || mask === '' || !graph) return false;
  const info = [...graph.valueInfo, ...graph.input].find(({ name }) => name === mask);
  const type = info?.type?.value;
  const rows = type?.case === 'tensorType' ? type.value.shape?.dim.at(-2)?.value : undefined;
  const stored = graph.initializer.find(({ name }) => name === mask)?.dims.at(-2);
  return rows?.case === 'dimValue' ? rows.value === 1n : stored === undefined || stored === 1n;
}
