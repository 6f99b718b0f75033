import { intOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { float, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { toNumbers } from '../../../onnx/tensor.ts';
import { dataTypeCode } from '../../../onnx/tensorProto.ts';
import type { BlockedImages } from './blockedImages.ts';

/** As steep as float32 can be: it makes 1 of the smallest normal number. */
const steepness = 2 ** 127;

/**
 * Makes the number 1 where something is above 0, and 0 elsewhere, by a ramp that is cut off, in one pass that threads share, instead of
 * truths that are turned into numbers then: the gradient of rectifiers.
 */
export function rampMasks(graph: Graph, images: BlockedImages): Rewrite {
  return (node, [mask]) => {
    if (node.operator !== 'Cast' || intOf(node, 'to', 0) !== dataTypeCode('float32') || !mask) return undefined;
    const comparison = graph.producer(mask);
    const [value, bound] = comparison?.inputs ?? [];
    if (comparison?.operator !== 'Greater' || !value || !bound || !isZero(graph, bound)) return undefined;
    if (value.type !== 'float32' || value.shape.join() !== mask.shape.join()) return undefined;
    const name = node.outputs[0]?.name ?? '';
    const blocked = images.fits(value) ? images.find(value) : undefined;
    const attributes = { alpha: float(steepness), beta: float(0) };
    if (!blocked) return [graph.op('HardSigmoid', [value], attributes, { outputs: [name] })];
    return [images.restore(graph.op('HardSigmoid', [blocked], attributes), name)];
  };
}

function isZero({ initializers, known }: Graph, { name }: Value): boolean {
  const tensor = initializers.get(name) ?? known.get(name);
  return tensor !== undefined && toNumbers(tensor).join() === '0';
}
