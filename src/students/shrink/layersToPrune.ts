import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { followChannels } from './followChannels.ts';
import { storeKernels } from './storeKernels.ts';

/** A layer some of whose channels may be dropped. */
export interface LayerToPrune {
  /** Name of the output of its convolution or product, by which the importance of its channels is known. */
  readonly name: string;
  /** Name of what it gives with its bias and its batch normalisation, before any activation. */
  readonly value: string;
  /** Along which axis of that its channels lie. */
  readonly axis: number;
}

/**
 * The layers of a network whose channels `shrinkNetwork` chooses from.
 * @throws DistilleryError `UNSUPPORTED` naming the node through which channels cannot be followed
 */
export function layersToPrune(graph: Graph): readonly LayerToPrune[] {
  const tracker = followChannels(storeKernels(graph).graph);
  return tracker.producers.flatMap(({ output, space }) => {
    if (space.isFixed) return [];
    const value = withBiasAndNormalization(graph, output);
    const channels = tracker.channelsOf(value);
    return channels ? [{ name: output.name, value: value.name, axis: channels.axis }] : [];
  });
}

/** What a channel's removal sets to zero: the bias and the statistics of the channel go with it. */
function withBiasAndNormalization(graph: Graph, output: Value): Value {
  const readers = graph.nodes.filter(({ inputs }) => inputs.some((input) => input?.name === output.name));
  const [reader, ...others] = readers;
  const [next] = reader?.outputs ?? [];
  if (!reader || !next || others.length > 0) return output;
  const isBias =
    reader.operator === 'Add' &&
    reader.inputs.some((input) => input !== undefined && graph.initializers.has(input.name));
  return isBias || reader.operator === 'BatchNormalization' ? withBiasAndNormalization(graph, next) : output;
}
