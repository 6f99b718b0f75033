import type { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { GraphPaths, type Dense, type Normalization } from './graphPaths.ts';

/** The dense layers of an encoder layer. */
export type DenseRole = 'query' | 'key' | 'value' | 'output' | 'intermediate' | 'narrow';

/** The parts of one encoder layer of a transformer. */
export interface EncoderLayer {
  readonly dense: Readonly<Record<DenseRole, Dense>>;
  /** Behind the attention, and behind the dense layers. */
  readonly normalizations: readonly [Normalization, Normalization];
  /** Number of attention heads, where the graph tells it. */
  readonly heads: number | undefined;
}

/** What a transformer turns token ids into vectors with: names of tables, one row per id. */
export interface Embeddings {
  readonly words: string | undefined;
  readonly positions: string | undefined;
  readonly tokenTypes: string | undefined;
  readonly normalization: Normalization | undefined;
}

/** A transformer as it was found in a graph. */
export interface Encoder {
  readonly embeddings: Embeddings;
  readonly layers: readonly EncoderLayer[];
}

/**
 * Finds the encoder layers of a transformer (arXiv 1706.03762) in a graph: every softmax between two products of computed
 * values is attention, from which the dense layers and normalisations are followed. Only layers that are normalised after
 * their sums, as in BERT, are found. Names do not matter, as exporters give matrices none that tell anything.
 */
export function findEncoder(graph: Graph): Encoder {
  const paths = new GraphPaths(graph);
  const layers = graph.nodes.flatMap((node) => (node.operator === 'Softmax' ? (layerAround(paths, node) ?? []) : []));
  return { embeddings: findEmbeddings(graph, paths, layers), layers };
}

function layerAround(paths: GraphPaths, softmax: Node): EncoderLayer | undefined {
  const productAt = (node: Node): Node | undefined => (paths.isProduct(node) ? node : undefined);
  const [scored] = softmax.inputs;
  const scores = scored && paths.nearestBefore(scored, productAt);
  const mixed = paths.firstAfter(softmax, productAt);
  const denseBefore = (value: Value | undefined): Dense | undefined =>
    value && paths.nearestBefore(value, (node) => paths.denseAt(node));
  const denseAfter = (node: Node | undefined): Dense | undefined =>
    node && paths.firstAfter(node, (later) => paths.denseAt(later));
  const query = denseBefore(scores?.inputs[0]);
  const key = denseBefore(scores?.inputs[1]);
  const value = denseBefore(mixed?.inputs[1]);
  const output = denseAfter(mixed);
  const intermediate = denseAfter(output?.node);
  const narrow = denseAfter(intermediate?.node);
  if (!query || !key || !value || !output || !intermediate || !narrow) return undefined;
  if (query.node === key.node || !isNormalizedAfterwards(paths, query.node, output.node)) return undefined;
  const first = normalizationAfter(paths, output.node);
  const second = normalizationAfter(paths, narrow.node);
  if (!first || !second) return undefined;
  const heads = scores?.outputs[0]?.shape.at(-3);
  return {
    dense: { query, key, value, output, intermediate, narrow },
    normalizations: [first, second],
    heads: typeof heads === 'number' ? heads : undefined,
  };
}

function normalizationAfter(paths: GraphPaths, node: Node): Normalization | undefined {
  return paths.firstAfter(node, (later) => paths.normalizationAt(later));
}

/** Whether what attention reads is what its result is added to; a layer that is normalised first adds to something else. */
function isNormalizedAfterwards(paths: GraphPaths, query: Node, output: Node): boolean {
  const read = paths.beforeReshaping(query.inputs[0]);
  const residual = paths.firstAfter(output, (node) =>
    node.operator === 'Add' && !node.inputs.some((input) => paths.isStored(input)) ? node : undefined,
  );
  return read !== undefined && residual?.inputs.some((input) => paths.beforeReshaping(input) === read) === true;
}

/** The tables whose rows are chosen by ids before the first layer. */
function findEmbeddings(graph: Graph, paths: GraphPaths, layers: readonly EncoderLayer[]): Embeddings {
  const first = layers[0]?.dense.query.node;
  const lookups = graph.nodes.slice(0, first ? graph.nodes.indexOf(first) : 0).flatMap((node) => {
    const [table, indices] = node.inputs;
    if (node.operator !== 'Gather' || table?.shape.length !== 2 || !paths.isStored(table) || !indices) return [];
    return [{ node, table: table.name, input: inputBehind(graph, indices) }];
  });
  const areTypes = (input: string): boolean => /type|segment/i.test(input);
  const words = lookups.find(({ input }) => input !== undefined && !areTypes(input));
  return {
    words: words?.table,
    positions: lookups.find(({ input }) => input === undefined)?.table ?? addedPositions(paths, words?.node),
    tokenTypes: lookups.find(({ input }) => input !== undefined && areTypes(input))?.table,
    normalization: words && normalizationAfter(paths, words.node),
  };
}

/** Name of the graph input that a value is, but for its type. */
function inputBehind(graph: Graph, value: Value): string | undefined {
  const producer = graph.producer(value);
  if (producer) {
    const [source] = producer.inputs;
    return ['Cast', 'Identity'].includes(producer.operator) && source ? inputBehind(graph, source) : undefined;
  }
  return graph.inputs.some((input) => input.name === value.name) ? value.name : undefined;
}

/** A table of positions that is added as a whole. */
function addedPositions(paths: GraphPaths, words: Node | undefined): string | undefined {
  const [embedded] = words?.outputs ?? [];
  if (!words || !embedded) return undefined;
  const sum = paths.readersOf(words).find(({ operator }) => operator === 'Add');
  return sum?.inputs.find((input) => input !== embedded && input?.shape.length === 2 && paths.isStored(input))?.name;
}
