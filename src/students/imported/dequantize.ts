import { isNarrow } from '../../onnx/importing/narrowNumbers.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { DequantizedGraph } from './dequantizedGraph.ts';
import { besideIntegers, integerLayers } from './integerLayers.ts';

/** A quantised model in floats. */
export interface DequantizedModel {
  readonly model: ModelProto;
  /** How many of its nodes computed in whole numbers, or between these and floats. */
  readonly replaced: number;
}

/**
 * A model that computes in whole numbers as the float32 model that it stands for: its weights are the floats that their whole numbers mean, its
 * activations are not rounded, and what ended at a range that begins at 0 is a Relu, which quantisers leave to the range. Pairs of
 * `QuantizeLinear` and `DequantizeLinear`, the `QLinear` family, dynamic quantisation and weights of 4 or 8 bits are known; any other model
 * comes back as it is, and so do nodes of other kinds.
 */
export function dequantize(model: ModelProto): DequantizedModel {
  if (!model.graph?.node.some((node) => integerLayers.has(keyOf(node)))) return { model, replaced: 0 };
  const graph = new DequantizedGraph(model);
  let replaced = 0;
  for (const node of graph.source) {
    const layer = integerLayers.get(keyOf(node));
    if (layer?.(graph, node) === true) replaced++;
    else if (besideIntegers.get(keyOf(node))?.(graph, node) !== true) graph.keep(node);
  }
  return { model: graph.finished(), replaced };
}

/** Operators that a frozen network may have, as they are understood without being trained. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['ConvInteger', 'DequantizeLinear', 'DynamicQuantizeLinear', 'MatMulInteger', 'QuantizeLinear'],
]);

/** A model in floats where it has layers of whole numbers that are not understood otherwise; any other as it is. */
export function dequantizeLayers(model: ModelProto): DequantizedModel {
  const nodes = model.graph?.node ?? [];
  const isWide = model.graph?.initializer.some(isNarrow) !== true;
  const isUnderstood = isWide && nodes.every((node) => !integerLayers.has(keyOf(node)) || UNDERSTOOD.has(keyOf(node)));
  return isUnderstood ? { model, replaced: 0 } : dequantize(model);
}

function keyOf({ domain, opType }: { readonly domain: string; readonly opType: string }): string {
  return domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
}
