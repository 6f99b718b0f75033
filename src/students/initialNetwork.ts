import { create } from '@bufbuild/protobuf';
import { rewriteGraph } from '../onnx/copy.ts';
import { exportModel } from '../onnx/exporting/exportModel.ts';
import type { Graph } from '../onnx/graph.ts';
import { importAnyBatch } from '../onnx/importing/importAnyBatch.ts';
import { StringStringEntryProtoSchema, type ModelProto } from '../onnx/onnx_pb.ts';
import { ownNumbersMetadata, roundSamples, type WholeInput } from '../onnx/ownNumbers.ts';
import { replaceInitializers } from '../onnx/replaceInitializers.ts';
import type { Tensor } from '../onnx/tensor.ts';
import type { EstimatorOptions } from '../estimators/estimator.ts';
import { appendEnding, type ClassifierEnding } from './imported/classifierEnding.ts';
import type { Front } from './extractor/cutNetwork.ts';
import { joinNetworks } from './extractor/joinNetworks.ts';

/** A network before it is trained. */
export interface InitialNetwork {
  /** Forward graph with the initial weights and a symbolic batch; its first output are the logits. */
  readonly graph: Graph;
  /** Names of the weights that are trained. */
  readonly trainable?: ReadonlySet<string>;
  /** The model that the graph was read from, when the trained network is to be that model with other weights. */
  readonly source?: ModelProto;
  /** What the model makes of the logits at its end, which is not trained. */
  readonly ending?: ClassifierEnding;
  /** What the file takes in place of samples, where its input is of whole numbers. */
  readonly wholeInput?: WholeInput;
  /** What is assumed of the model, or was changed in it, each as sentences to be told. */
  readonly notes?: readonly string[];
  /** The frozen network whose features this one takes; the trained network is both, joined. */
  readonly front?: Front;
  /** Where it is a soft decision tree: the weight of its balance penalty. */
  readonly softTree?: { readonly penalty: number };
  /** Where it is fitted at once instead of being trained: how. Its graph says nothing before. */
  readonly estimator?: EstimatorOptions;
}

export interface ModelOptions {
  /** Name of the graph, where it is built. */
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Operator set to write; by default that of the file which the network was read from, or the canonical one. */
  readonly opset?: number | undefined;
}

/**
 * The model of a network with the given weights. One that was read from a file stays as it was but for its weights and
 * the entries added to its metadata, unless it is to be in another operator set.
 *
 * @param weights by name; those that are missing keep their initial contents
 * @throws DistilleryError `UNSUPPORTED` naming a node that the operator set does not have; see `writtenGraph`
 */
export function modelOf(
  network: InitialNetwork,
  weights: ReadonlyMap<string, Tensor>,
  { name, metadata, opset }: ModelOptions,
): ModelProto {
  const { source } = network;
  const { whole } = network.front ?? {};
  if (source && opset === undefined) {
    const model = replaceInitializers(source, weights);
    const kept = model.metadataProps.filter(({ key }) => !Object.hasOwn(metadata, key));
    const added = Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
    model.metadataProps = [...kept, ...added];
    return model;
  }
  const graph = source
    ? importAnyBatch(replaceInitializers(source, weights))
    : storedGraph({ ...network, graph: withNewWeights(network, weights) });
  const kept = (source?.metadataProps ?? []).map(({ key, value }) => [key, value] as const);
  return exportModel(graph, {
    name: source?.graph?.name ?? name,
    metadata: { ...Object.fromEntries(kept), ...metadata, ...(whole && ownNumbersMetadata(whole.input)) },
    ...(opset !== undefined && { opset }),
  });
}

/** The graph that a network is written as: all that its file holds, or the network with the frozen one before it. */
export function writtenGraph(network: InitialNetwork): Graph {
  return network.source ? importAnyBatch(network.source) : storedGraph(network);
}

/** The graph of the whole network with the given weights, by name; those that are missing keep their initial contents. */
function withWeights(network: InitialNetwork, weights: ReadonlyMap<string, Tensor>): Graph {
  return wholeGraph({ ...network, graph: withNewWeights(network, weights) });
}

function withNewWeights({ graph }: InitialNetwork, weights: ReadonlyMap<string, Tensor>): Graph {
  for (const [weight, tensor] of weights) graph.initializers.set(weight, tensor);
  return graph;
}

/**
 * What the network's file is to compute with the given weights: `withWeights`, and what is before and behind them in its source, the
 * rounding of samples to whole numbers and the ending.
 */
export function withEnding(network: InitialNetwork, weights: ReadonlyMap<string, Tensor>): Graph {
  const trained = withWeights(network, weights);
  const graph = network.wholeInput ? roundSamples(trained, network.wholeInput) : trained;
  if (!network.ending) return graph;
  const whole = rewriteGraph(graph);
  appendEnding(whole, network.ending);
  return whole;
}

/** The same as its file has it, with an input of whole numbers where the frozen one takes these. */
function storedGraph({ graph, front }: InitialNetwork): Graph {
  return front ? joinNetworks(front.whole?.graph ?? front.graph, graph) : graph;
}

/** The graph of the network with the frozen one before it, where there is one. */
export function wholeGraph({ graph, front }: InitialNetwork): Graph {
  return front ? joinNetworks(front.graph, graph) : graph;
}
