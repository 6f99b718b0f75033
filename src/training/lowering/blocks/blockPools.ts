import { reshape } from '../../../autodiff/layout.ts';
import { intOf, intsOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import { elementCount, toNumbers } from '../../../onnx/tensor.ts';
import { windowOf } from '../../../onnx/window.ts';
import { blockedDomain as domain } from './blockedDomain.ts';
import { reshapeSource, type BlockedImages } from './blockedImages.ts';
import { selectEntry } from './selectEntry.ts';

/**
 * Maxima over windows that lie side by side, and what their gradient is made of: every n-th row or column of an image, and images whose
 * rows or columns take turns. In blocks these are runs of memory, at least a block long; in plain images columns are single numbers.
 */
export function blockPools(graph: Graph, images: BlockedImages): Rewrite {
  return (node, inputs) => {
    const [output] = node.outputs;
    if (node.domain !== '' || !output || output.type !== 'float32' || !images.fits(output)) return undefined;
    const blocked = rewritten(graph, images, node, inputs);
    return blocked && [images.restore(blocked, output.name)];
  };
}

function rewritten(
  graph: Graph,
  images: BlockedImages,
  node: Node,
  inputs: readonly (Value | undefined)[],
): Value | undefined {
  const [value] = inputs;
  if (!value) return undefined;
  switch (node.operator) {
    case 'MaxPool': {
      const image = images.find(value);
      return image && liesSideBySide(node, value)
        ? graph.op('MaxPool', [image], node.attributes, { domain })
        : undefined;
    }
    case 'Slice': {
      const image = images.find(value);
      const parts = image && partsOf(graph, node, inputs);
      return image && parts && pickOut(graph, image, parts, images.block);
    }
    case 'Reshape':
      return interleaved(graph, images, node, value);
    default:
      return undefined;
  }
}

/** Whether windows neither overlap nor leave anything out. */
function liesSideBySide(node: Node, image: Value): boolean {
  const sizes = dimensionsOf(image).slice(2);
  const { kernel, strides, dilations, padsBegin, padsEnd } = windowOf(node, sizes, intsOf(node, 'kernel_shape') ?? []);
  return (
    node.outputs[1] === undefined &&
    [...padsBegin, ...padsEnd].every((margin) => margin === 0) &&
    dilations.every((dilation) => dilation === 1) &&
    kernel.every((size, axis) => size === strides[axis] && (sizes[axis] ?? 1) % size === 0)
  );
}

/** Every `step`-th entry of a spatial axis from `start` on. */
interface Part {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
}

/** What a Slice takes when that is every n-th row or column, or both, of a whole number of n. */
function partsOf(graph: Graph, node: Node, inputs: readonly (Value | undefined)[]): readonly Part[] | undefined {
  const [starts = [], , axes = [], steps = []] = inputs.slice(1).map((value) => {
    const known = value && graph.known.get(value.name);
    return known ? toNumbers(known) : [];
  });
  const parts = axes.map((axis, index): Part => ({ axis, start: starts[index] ?? -1, step: steps[index] ?? 1 }));
  const isWhole = ({ axis, start, step }: Part): boolean => {
    const size = Number(inputs[0]?.shape[axis]);
    return axis >= 2 && step > 1 && start >= 0 && start < step && Number(node.outputs[0]?.shape[axis]) * step === size;
  };
  return parts.length > 0 && parts.every(isWhole) ? parts : undefined;
}

/** What is left out at first are the entries before the one that is taken. */
function pickOut(graph: Graph, blocked: Value, parts: readonly Part[], block: number): Value {
  const [rows, columns] = [2, 3].map((spatial) => parts.find(({ axis }) => axis === spatial));
  const sizes = [(rows?.start ?? 0) + 1, (columns?.start ?? 0) + 1] as const;
  return selectEntry(graph, blocked, block, {
    sizes,
    entry: elementCount(sizes) - 1,
    strides: [rows?.step ?? 1, columns?.step ?? 1],
  });
}

/** The image whose rows or columns are those of several images in turns: what `overlay` (src/autodiff/overlay.ts) writes. */
function interleaved(graph: Graph, images: BlockedImages, node: Node, joined: Value): Value | undefined {
  const concat = graph.producer(joined);
  const axis = concat?.operator === 'Concat' && joined.shape.length === 5 ? intOf(concat, 'axis', 0) - 1 : 0;
  if (!concat || axis < 2) return undefined;
  const parts = concat.inputs.flatMap((input) => (input ? [reshapeSource(graph, input)] : []));
  const whole = parts.filter((part) => part !== undefined);
  const [first] = whole;
  if (!first || whole.length < parts.length || first.shape.length !== 4) return undefined;
  const shape = dimensionsOf(first);
  const size = (shape[axis] ?? 1) * whole.length;
  if (node.outputs[0]?.shape.join() !== shape.with(axis, size).join()) return undefined;
  if (!whole.every((part) => part.shape.join() === first.shape.join() && images.fits(part))) return undefined;
  if (!whole.some((part) => images.find(part))) return undefined;
  const run = elementCount(shape.slice(axis + 1)) * images.block;
  const runs = whole.map((part) => reshape(graph, images.reorder(part), [elementCount(shape) / run, run]));
  return reshape(graph, graph.op('Concat', runs, { axis: int(1) }), shape.with(axis, size));
}
