import { clone, create } from '@bufbuild/protobuf';
import { DistilleryError } from '../../errors.ts';
import type { Graph } from '../../onnx/graph.ts';
import { importReadable } from '../../onnx/importing/importGraph.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from '../../onnx/onnx_pb.ts';
import { intTensor, toNumbers } from '../../onnx/tensor.ts';
import { encodeTensor } from '../../onnx/tensorProto.ts';

/** What the loop over bags may hold: whatever else is computed there is no plain sum, mean or maximum of rows. */
const IN_LOOP: ReadonlySet<string> = new Set([
  ...[
    'Add',
    'Cast',
    'CastLike',
    'Constant',
    'Div',
    'Equal',
    'Gather',
    'Greater',
    'Identity',
    'If',
    'Less',
    'ReduceMax',
  ],
  ...['ReduceMean', 'ReduceSum', 'Reshape', 'SequenceInsert', 'Shape', 'Slice', 'Squeeze', 'Sub', 'Unsqueeze'],
]);

/** In order of what they say: beside a mean stands the sum of a last bag that is divided, too. */
const REDUCTIONS = ['ReduceMean', 'ReduceMax', 'ReduceSum'] as const;

/** Samples with which it is looked at where the bags begin. */
const TRIED = [2, 1] as const;

/** Since these operator sets the axes of a reduction are an input. */
const AXES_AS_INPUT = { ReduceSum: 13, ReduceMean: 18, ReduceMax: 18 } as const;

/** What stands in the place of a loop over bags of one length. */
interface Bags {
  readonly loop: NodeProto;
  /** The node that gives the bags, and the name of its output for them. */
  readonly giver: NodeProto;
  readonly output: string;
  readonly reduction: (typeof REDUCTIONS)[number];
  /** Rows, or the indices of rows in a table, one bag after the other. */
  readonly flat: string;
  readonly table: string | undefined;
  readonly length: number;
}

/**
 * A model in which the loops that PyTorch's exporters make of an `EmbeddingBag`, which gradients do not pass, are the sums, means or maxima of rows
 * that they compute; any other model as it is.
 *
 * @throws DistilleryError `UNSUPPORTED` naming the loop where its bags are of several lengths, or their rows are weighted in it
 */
export function withoutBagLoops(model: ModelProto): ModelProto {
  const loops = model.graph?.node.filter(({ opType }) => opType === 'Loop') ?? [];
  const candidates = loops.filter(isOverBags);
  if (candidates.length === 0) return model;
  const changed = clone(ModelProtoSchema, model);
  for (const { output } of candidates) {
    const loop = changed.graph?.node.find((node) => node.output[0] === output[0]);
    if (changed.graph && loop) replace(changed, changed.graph, bagsOf(changed, changed.graph, loop));
  }
  return changed;
}

/** Every node of a loop's body, of branches in it, too. */
function nodesIn(node: NodeProto): NodeProto[] {
  return node.attribute.flatMap(({ g }) => g?.node.flatMap((each) => [each, ...nodesIn(each)]) ?? []);
}

/** Whether a loop slices what it reduces: what an EmbeddingBag is. */
function isOverBags(loop: NodeProto): boolean {
  const inside = nodesIn(loop);
  const hasRows = inside.some(({ opType }) => opType === 'Slice');
  return hasRows && inside.some(({ opType }) => REDUCTIONS.some((one) => one === opType)) && inside.length < 40;
}

function bagsOf(model: ModelProto, graph: GraphProto, loop: NodeProto): Bags {
  const inside = nodesIn(loop);
  const own = new Set([...inside.flatMap(({ output }) => output), ...bodyInputs(loop)]);
  const reduction = REDUCTIONS.find((one) => inside.some(({ opType }) => opType === one));
  const outer = (opTypes: readonly string[]): string[] => [
    ...new Set(
      inside.flatMap(({ opType, input: [first = ''] }) => (opTypes.includes(opType) && !own.has(first) ? [first] : [])),
    ),
  ];
  const table = outer(['Gather']).find((name) =>
    graph.initializer.some((each) => each.name === name && each.dims.length === 2),
  );
  const giver = givenBy(graph, loop);
  if (!reduction || !giver || inside.some(({ opType }) => !IN_LOOP.has(opType)))
    throw refusal(loop, 'it computes more than sums, means or maxima of rows');
  for (const batch of TRIED) {
    const { graph: read } = importReadable(model, { batch });
    const known = (name: string): readonly number[] | undefined => {
      const tensor = read.known.get(name) ?? read.initializers.get(name);
      return tensor?.type === 'int64' && tensor.shape.length === 1 ? toNumbers(tensor) : undefined;
    };
    const starts = startsOf(outer(['Slice', 'Gather']), known);
    const flat = outer(['Slice']).find((name) => !known(name));
    const length = starts && flat !== undefined ? stride(starts, rowsIn(read, flat)) : undefined;
    if (flat !== undefined && length !== undefined) return { loop, ...giver, reduction, flat, table, length };
  }
  throw refusal(loop, 'its bags do not have one length that is known before the model runs');
}

/** Where the bags begin: the longest list of whole numbers from 0 that is known. */
function startsOf(
  names: readonly string[],
  known: (name: string) => readonly number[] | undefined,
): readonly number[] | undefined {
  return names
    .flatMap((name) => {
      const numbers = known(name);
      return numbers?.[0] === 0 ? [numbers] : [];
    })
    .sort((a, b) => b.length - a.length)[0];
}

function rowsIn(graph: Graph, name: string): number | undefined {
  const rows = graph.find(name)?.shape[0];
  return typeof rows === 'number' ? rows : undefined;
}

/** How many rows every bag has; undefined where they differ, or not all rows are in bags. */
function stride(starts: readonly number[], rows: number | undefined): number | undefined {
  if (rows === undefined) return undefined;
  const bounds = starts.at(-1) === rows ? starts : [...starts, rows];
  const length = bounds[1];
  return length !== undefined && length > 0 && bounds.every((bound, index) => bound === index * length)
    ? length
    : undefined;
}

function bodyInputs({ attribute }: NodeProto): string[] {
  return attribute.flatMap(({ g }) => g?.input.map(({ name }) => name) ?? []);
}

/** The loop itself where it stacks the bags, or the node that joins the list of them. */
function givenBy(
  { node }: GraphProto,
  loop: NodeProto,
): { readonly giver: NodeProto; readonly output: string } | undefined {
  const carried = loop.input.length - 2;
  const stacked = loop.output[carried];
  if (stacked !== undefined && stacked !== '') return { giver: loop, output: stacked };
  const joined = node.find(
    ({ opType, input }) => opType === 'ConcatFromSequence' && loop.output.includes(input[0] ?? ''),
  );
  const output = joined?.output[0];
  return joined && output !== undefined ? { giver: joined, output } : undefined;
}

function replace(
  model: ModelProto,
  graph: GraphProto,
  { loop, giver, output, reduction, flat, table, length }: Bags,
): void {
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);
  const isInput = opset >= AXES_AS_INPUT[reduction];
  const columns = table === undefined ? [-1, length, widthOf(model, flat, loop)] : [-1, length];
  const named = (what: string): string => `${output}.${what}`;
  graph.initializer.push(encodeTensor(named('shape'), intTensor(columns)));
  if (isInput) graph.initializer.push(encodeTensor(named('axes'), intTensor([1])));
  const rows = table === undefined ? named('bags') : named('rows');
  const attribute = [whole('keepdims', 0n), ...(isInput ? [] : [wholes('axes', [1n])])];
  const made = [
    node('Reshape', [flat, named('shape')], named('bags')),
    ...(table === undefined ? [] : [node('Gather', [table, named('bags')], rows)]),
    node(reduction, [rows, ...(isInput ? [named('axes')] : [])], output, attribute),
  ];
  const lists = graph.node.filter(
    ({ opType, output: [list = ''] }) => opType === 'SequenceEmpty' && loop.input.includes(list),
  );
  const gone = new Set([loop, ...lists]);
  graph.node = graph.node.flatMap((each) => (each === giver ? made : gone.has(each) ? [] : [each]));
}

/** How many numbers a row has. */
function widthOf(model: ModelProto, flat: string, loop: NodeProto): number {
  const width = importReadable(model, { batch: 1 }).graph.find(flat)?.shape[1];
  if (typeof width !== 'number') throw refusal(loop, 'the size of its rows is not known before the model runs');
  return width;
}

function node(opType: string, input: string[], output: string, attribute: AttributeProto[] = []): NodeProto {
  return create(NodeProtoSchema, { name: output, opType, input, output: [output], attribute });
}

function whole(name: string, i: bigint): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.INT, i });
}

function wholes(name: string, ints: bigint[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
}

function refusal({ name, output }: NodeProto, reason: string): DistilleryError {
  return new DistilleryError(
    'UNSUPPORTED',
    `Node '${name || (output[0] ?? '')}' (Loop), which looks like an EmbeddingBag, cannot be trained: ${reason}.`,
    {
      hint: 'Export the model with an Embedding and a sum, mean or maximum in its place; as a teacher it can stay as it is.',
    },
  );
}
