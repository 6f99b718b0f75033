import { create } from '@bufbuild/protobuf';
import { exportModel } from '../onnx/export.ts';
import type { Graph } from '../onnx/graph.ts';
import { StringStringEntryProtoSchema, type ModelProto } from '../onnx/onnx_pb.ts';
import { replaceInitializers } from '../onnx/replaceInitializers.ts';
import type { Tensor } from '../onnx/tensor.ts';
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
  /** The frozen network whose features this one takes; the trained network is both, joined. */
  readonly front?: Front;
  /** Where it is a soft decision tree: the weight of its balance penalty. */
  readonly softTree?: { readonly penalty: number };
}

/**
 * The model of a network with the given weights. One that was read from a file stays as it was but for its weights and
 * the entries added to its metadata.
 *
 * @param weights by name; those that are missing keep their initial contents
 */
export function modelOf(
  network: InitialNetwork,
  weights: ReadonlyMap<string, Tensor>,
  { name, metadata }: { readonly name: string; readonly metadata: Readonly<Record<string, string>> },
): ModelProto {
  const { source } = network;
  if (source) {
    const model = replaceInitializers(source, weights);
    const kept = model.metadataProps.filter(({ key }) => !Object.hasOwn(metadata, key));
    const added = Object.entries(metadata).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
    model.metadataProps = [...kept, ...added];
    return model;
  }
  return exportModel(withWeights(network, weights), { name, metadata });
}

/** The graph of the whole network with the given weights, by name; those that are missing keep their initial contents. */
export function withWeights(network: InitialNetwork, weights: ReadonlyMap<string, Tensor>): Graph {
  for (const [weight, tensor] of weights) network.graph.initializers.set(weight, tensor);
  return wholeGraph(network);
}

/** The graph of the network with the frozen one before it, where there is one. */
export function wholeGraph({ graph, front }: InitialNetwork): Graph {
  return front ? joinNetworks(front.graph, graph) : graph;
}
