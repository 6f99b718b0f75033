import { DistilleryError } from '../errors.ts';
import { countMacs, countParameters, macsOf, weightsOf } from './cost/cost.ts';
import { storedWeights, type StoredWeights } from './cost/storedWeights.ts';
import { tellExporterTraces } from './exporterTraces.ts';
import type { ModelFile } from './file.ts';
import type { Graph } from './graph.ts';
import type { Node, Value } from './node.ts';
import { importGraph } from './importing/importGraph.ts';
import { widenHalves } from './importing/singlePrecision.ts';
import { declaredType } from './importing/importTypes.ts';
import type { ModelProto, ValueInfoProto } from './onnx_pb.ts';
import type { Shape } from './tensor.ts';

/** An input or output of a model. */
export interface ValueSummary {
  readonly name: string;
  /** Element type, such as `float32`. */
  readonly type: string;
  /** Dimensions as the file declares them; a name stands for one that is chosen when the model runs. */
  readonly shape: Shape;
}

/** One node that computes from the model's inputs, for one sample. */
export interface LayerSummary {
  readonly name: string;
  readonly operator: string;
  /** Name of the value that it computes. */
  readonly output: string;
  readonly outputShape: Shape;
  /** Elements of the weights that it is the first to use. */
  readonly parameters: number;
  /** Multiply-accumulate operations. */
  readonly macs: number;
}

/** What an `.onnx` file is, without running it. */
export interface ModelSummary {
  readonly path: string;
  /** Size of the file and of its external data. */
  readonly bytes: number;
  readonly sha256: string;
  readonly irVersion: number;
  /** Program and version that wrote the file; empty when it does not say. */
  readonly producer: string;
  /** Operator set by domain; the standard domain is called `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly inputs: readonly ValueSummary[];
  readonly outputs: readonly ValueSummary[];
  /** Nodes of the file by operator, the most frequent first. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  /** Elements of all weights, as `weightsOf` in cost.ts defines them; null when it is not known which of its numbers are weights. */
  readonly parameters: number | null;
  /** The weights by the element type in which the file has them, the most frequent first; empty where they are not known. Trees have none. */
  readonly weightTypes: readonly StoredWeights[];
  /** Multiply-accumulate operations of one sample; null when the model, or the size of a sample, is not known. */
  readonly macs: number | null;
  /** In the order of computation; empty when the model cannot be understood. */
  readonly layers: readonly LayerSummary[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Why `parameters` or `macs` are null, as one sentence. */
  readonly problem: string | null;
  /** What its exporter left out, which matters where it is trained further, as sentences. */
  readonly exporterNotes: readonly string[];
}

export interface InspectOptions {
  /** Numbers for symbolic dimensions beside the batch, by name. */
  readonly bind?: Readonly<Record<string, number>>;
}

/**
 * Summarises a model for one sample. A model that cannot be imported, because of an operator that is not supported for
 * instance, is summarised as far as its file goes, and `problem` says why.
 */
export function inspectModel(file: ModelFile, options: InspectOptions = {}): ModelSummary {
  const { path, bytes, sha256, proto } = file;
  const inner = importSample(widenHalves(file).proto, options);
  const weights = new Set(proto.graph?.initializer.map(({ name }) => name));
  const inferred = new Map(inner.graph?.outputs.map((output) => [output.name, output]));
  return {
    path,
    bytes,
    sha256,
    irVersion: Number(proto.irVersion),
    producer: `${proto.producerName} ${proto.producerVersion}`.trim(),
    opsets: Object.fromEntries(
      proto.opsetImport.map(({ domain, version }) => [domain === '' ? 'ai.onnx' : domain, Number(version)]),
    ),
    inputs: (proto.graph?.input ?? []).filter(({ name }) => !weights.has(name)).map((info) => summarizeValue(info)),
    outputs: (proto.graph?.output ?? []).map((info) => summarizeValue(info, inferred.get(info.name))),
    operators: countOperators(proto),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
    ...summarizeCost(inner, storedWeights(proto, inner.graph)),
    exporterNotes: tellExporterTraces(proto),
  };
}

type Imported =
  | { readonly graph: Graph; readonly problem?: undefined }
  | { readonly graph?: undefined; readonly problem: string };

/** The model with a batch of one, or why it cannot be imported. */
function importSample(proto: ModelProto, { bind = {} }: InspectOptions): Imported {
  try {
    return { graph: importGraph(proto, { batch: 1, bind }) };
  } catch (error) {
    if (error instanceof DistilleryError && error.code !== 'INTERNAL') return { problem: error.message };
    throw error;
  }
}

function summarizeCost(
  { graph, problem }: Imported,
  weightTypes: readonly StoredWeights[] = [],
): Pick<ModelSummary, 'parameters' | 'weightTypes' | 'macs' | 'layers' | 'problem'> {
  if (!graph) {
    const parameters = weightTypes.length === 0 ? null : weightTypes.reduce((sum, { count }) => sum + count, 0);
    return { parameters, weightTypes, macs: null, layers: [], problem };
  }
  const unknown = graph.inputs.flatMap(({ shape }) => shape.filter((dimension) => typeof dimension === 'string'));
  return {
    parameters: countParameters(graph),
    weightTypes,
    macs: unknown.length === 0 ? countMacs(graph) : null,
    layers: layersOf(graph),
    problem: unknown.length === 0 ? null : `The size of '${unknown.join("', '")}' is not fixed in the model.`,
  };
}

/** The nodes that depend on an input. Weights that other nodes prepare (transpose, cast) belong to the layer they reach. */
function layersOf(graph: Graph): LayerSummary[] {
  const weights = new Map(weightsOf(graph));
  const behind = new Map<string, readonly string[]>([...weights.keys()].map((name) => [name, [name]]));
  const dependent = new Set(graph.inputs.map((input) => input.name));
  const layers: LayerSummary[] = [];
  for (const node of graph.nodes) {
    const read = new Set(node.inputs.flatMap((input) => (input ? (behind.get(input.name) ?? []) : [])));
    if (!node.inputs.some((input) => input && dependent.has(input.name))) {
      for (const output of node.outputs) if (output) behind.set(output.name, [...read]);
      continue;
    }
    for (const output of node.outputs) if (output) dependent.add(output.name);
    let parameters = 0;
    for (const name of read) {
      parameters += weights.get(name) ?? 0;
      weights.delete(name);
    }
    layers.push(summarizeLayer(node, parameters));
  }
  return layers;
}

function summarizeLayer(node: Node, parameters: number): LayerSummary {
  const output = node.outputs.find((value) => value !== undefined);
  return {
    name: node.name,
    operator: node.domain === '' ? node.operator : `${node.domain}.${node.operator}`,
    output: output?.name ?? '',
    outputShape: output?.shape ?? [],
    parameters,
    macs: macsOf(node),
  };
}

/** The declared type and shape; the inferred ones where the file does not declare both. */
function summarizeValue(info: ValueInfoProto, inferred?: Value): ValueSummary {
  try {
    return { name: info.name, ...declaredType(info) };
  } catch (error) {
    if (!(error instanceof DistilleryError)) throw error;
    return { name: info.name, type: inferred?.type ?? 'unknown', shape: inferred?.shape ?? [] };
  }
}

function countOperators(proto: ModelProto): { operator: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { domain, opType } of proto.graph?.node ?? []) {
    const operator = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
    counts.set(operator, (counts.get(operator) ?? 0) + 1);
  }
  return [...counts]
    .map(([operator, count]) => ({ operator, count }))
    .sort((a, b) => b.count - a.count || a.operator.localeCompare(b.operator));
}
