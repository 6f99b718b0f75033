import { flip, reshape, slice, transpose } from '../../../autodiff/layout.ts';
import { intOf, intsOf, textOf } from '../../../onnx/attributes.ts';
import type { Rewrite } from '../../../onnx/copy.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Node, Value } from '../../../onnx/node.ts';
import type { Readers } from '../../../onnx/readers.ts';
import { buildBlockedConvolution } from './blockConvolutions.ts';
import { blockedDomain } from './blockedDomain.ts';
import type { BlockedImages } from './blockedImages.ts';

/** What every `stride`-th entry of an axis of the output is made of, from one of the first entries on. */
interface Phase {
  /** The first entry of the kernel that takes part; the others follow at steps of the stride. */
  readonly first: number;
  readonly entries: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** Images in blocks by rows and columns of phases; a single row or column where all others are zeros. */
interface Phases {
  readonly images: readonly (readonly Value[])[];
  readonly strides: readonly number[];
}

/**
 * Replaces transposed convolutions (and the input's gradients of convolutions) with a stride by blocked ones: each of the
 * stride's phases of the output is a convolution with every stride-th entry of the kernel, and blocks of pixels are put
 * together from them (the sub-pixel convolution of arXiv 1609.05158). Where two are added, as at the fork before a block of
 * a residual network, their phases are, so that pixels are put together once.
 *
 * @param readers of the graph that is rewritten: who else reads what is added
 */
export function blockTransposedConvolutions(graph: Graph, images: BlockedImages, readers: Readers): Rewrite {
  const made = new Map<string, Phases>();
  const put = (phases: Phases, output: Value): readonly Value[] => {
    made.set(output.name, phases);
    return [images.restore(interleave(graph, phases, dimensionsOf(output), images.block), output.name)];
  };
  return (node, [image, weights, bias]) => {
    const [output] = node.outputs;
    if (node.domain !== '' || !image || !weights || !output || bias) return undefined;
    if (node.operator === 'Add' && image.shape.join() === weights.shape.join()) {
      const addends = [image, weights].flatMap(({ name }) => (readers.get(name) === 1 ? (made.get(name) ?? []) : []));
      const sum = addPhases(graph, addends);
      return sum && put(sum, output);
    }
    if (node.operator !== 'ConvTranspose') return undefined;
    if (textOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET') return undefined;
    const groups = intOf(node, 'group', 1);
    const [channels = 1, perGroup = 1] = dimensionsOf(weights);
    const depthwise = groups > 1 && groups === channels && perGroup === 1;
    if (!images.fits(image) || !images.fits(output) || (groups > 1 && !depthwise)) return undefined;
    const axes = [0, 1].map((axis) => phasesOf(node, image, weights, axis));
    const [rows, columns] = axes;
    if (!rows || !columns) return undefined;
    const build = (row: Phase, column: Phase): Value => {
      const kernel = partOfKernel(graph, weights, [row, column], strideOf(node));
      return buildBlockedConvolution(
        graph,
        images,
        image,
        depthwise ? kernel : transpose(graph, kernel, [1, 0, 2, 3]),
        {
          group: int(groups),
          kernel_shape: ints([row.entries, column.entries]),
          pads: ints([row.padBegin, column.padBegin, row.padEnd, column.padEnd]),
        },
      );
    };
    return put(
      { images: rows.map((row) => columns.map((column) => build(row, column))), strides: strideOf(node) },
      output,
    );
  };
}

/** The sum of two images by their phases; undefined for other numbers, or where neither has a phase that is wanted. */
function addPhases(graph: Graph, [first, second]: readonly Phases[]): Phases | undefined {
  if (!first || !second || first.strides.join() !== second.strides.join()) return undefined;
  const add = (one: Value | undefined, other: Value | undefined): Value | undefined => {
    const convolution = one && graph.producer(one);
    if (!convolution || !other) return one ?? other;
    const [image, weights] = convolution.inputs;
    return graph.op('Conv', [image, weights, undefined, other], convolution.attributes, { domain: blockedDomain });
  };
  const count = (...lists: readonly (readonly unknown[] | undefined)[]) =>
    Array.from({ length: Math.max(...lists.map((list) => list?.length ?? 0)) }, (_, index) => index);
  const images = count(first.images, second.images).map((row) =>
    count(first.images[0], second.images[0]).flatMap(
      (column) => add(first.images[row]?.[column], second.images[row]?.[column]) ?? [],
    ),
  );
  const isWhole = images.every((row) => row.length === images[0]?.length);
  return isWhole ? { images, strides: first.strides } : undefined;
}

const strideOf = (node: Node): readonly number[] => intsOf(node, 'strides') ?? [1, 1];

/**
 * The phases of an axis that the kernel reaches: all, or the first alone where the kernel has a single entry; undefined
 * for other forms. Entry e of the kernel takes position p of the input to position stride · p + e − padding.
 */
function phasesOf(node: Node, image: Value, weights: Value, axis: number): readonly Phase[] | undefined {
  const stride = strideOf(node)[axis] ?? 1;
  const padding = intsOf(node, 'pads')?.[axis] ?? 0;
  const size = Number(node.outputs[0]?.shape[axis + 2]);
  const positions = Number(image.shape[axis + 2]);
  const entries = Number(weights.shape[axis + 2]);
  if ((intsOf(node, 'dilations')?.[axis] ?? 1) !== 1 || size % stride !== 0) return undefined;
  const phases = Array.from({ length: entries === 1 && padding === 0 ? 1 : stride }, (_, phase): Phase => {
    const first = (phase + padding) % stride;
    const count = Math.ceil((entries - first) / stride);
    const padBegin = count - 1 - Math.floor((phase + padding) / stride);
    return { first, entries: count, padBegin, padEnd: size / stride - positions + count - 1 - padBegin };
  });
  return phases.every((phase) => phase.entries > 0 && phase.padBegin >= 0 && phase.padEnd >= 0) ? phases : undefined;
}

/** The entries of a phase in reverse, as the convolution that stands for the transposed one meets them. */
function partOfKernel(graph: Graph, weights: Value, phases: readonly Phase[], strides: readonly number[]): Value {
  const shape = dimensionsOf(weights);
  const parts = phases.map(({ first }, axis) => ({
    axis: axis + 2,
    start: first,
    end: shape[axis + 2] ?? 1,
    step: strides[axis] ?? 1,
  }));
  return flip(graph, slice(graph, weights, parts), [2, 3]);
}

/** Images in blocks, one for each phase of rows and columns, as the one whose phases they are; zeros for missing ones. */
function interleave(
  graph: Graph,
  { images: phases, strides: [rowStride = 1, columnStride = 1] }: Phases,
  [batch = 1, channels = 1, height = 1, width = 1]: readonly number[],
  block: number,
): Value {
  const columns = width / columnStride;
  const lines = (batch * channels * height) / block / rowStride;
  const rows = phases.map((images) => joinRuns(graph, images, lines * columns, block, columnStride));
  return reshape(graph, joinRuns(graph, rows, lines, width * block, rowStride), [batch, channels, height, width]);
}

/** Runs of memory of several values by turns; the first's with zeros between where it is alone. */
function joinRuns(graph: Graph, values: readonly Value[], count: number, run: number, stride: number): Value {
  const runs = values.map((value) => reshape(graph, value, [count, run]));
  const [only] = runs;
  if (stride === 1 && only) return only;
  if (runs.length === 1) return graph.op('Pad', [only, graph.integers([0, 0, 0, run * (stride - 1)])]);
  return graph.op('Concat', runs, { axis: int(1) });
}
