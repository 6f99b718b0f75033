import { concat, reshape, slice, sumOver, transpose } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, int, ints, type Graph } from '../../../onnx/graph.ts';
import type { Attributes, Value } from '../../../onnx/node.ts';
import { floatTensor } from '../../../onnx/tensor.ts';
import { blockedDomain } from '../blocks/blockedDomain.ts';
import { orderRows } from '../blocks/orderRows.ts';
import { selectEntry } from '../blocks/selectEntry.ts';
import { isOneProduct } from './multiplyPerOffset.ts';
import { moveAxis } from './shiftedImages.ts';
import { splitAxis } from './splitAxis.ts';

/** How a correlation's rows fill the blocks of a blocked convolution. */
interface Rows {
  /** Samples whose rows of positions make one block together. */
  readonly samples: number;
  /** Such blocks of samples that one group of the convolution sums. */
  readonly sets: number;
  /** Blocks of one row. */
  readonly blocks: number;
}

/**
 * A kernel's gradient as blocked convolutions, one for each column of the kernel: what is summed in a block are the
 * positions of a row (of several samples' rows where they are short), so that the blocks of the gradient, as the input's
 * gradient needs them too, are the weights of one group per sample without being moved. Rows of the kernel cost nothing,
 * they are positions of that convolution; against its columns the gradient is moved, or an image of few channels. Then the sum over the samples.
 *
 * Wherever rows fill whole blocks it is faster than a product per offset (bench/gradients/convolution.ts).
 *
 * @param block channels of one block
 * @returns undefined where rows do not fill whole blocks
 */
export function correlateBlocks(graph: Graph, correlation: Correlation, block: number): Value | undefined {
  const { large, small, window } = correlation;
  const rows = rowsOf(correlation, block);
  if (!rows) return undefined;
  const [batch = 1, filters = 1, height = 1] = dimensionsOf(small);
  const [, channels = 1, largeHeight = 1] = dimensionsOf(large);
  const [kernelHeight = 1, kernelWidth = 1] = window.kernel;
  const groups = batch / rows.samples / rows.sets;
  const gradient = graph.op(
    'ReorderInput',
    [small],
    {},
    { domain: blockedDomain, results: [{ type: small.type, shape: small.shape }] },
  );
  const attributes: Attributes = {
    dilations: ints([window.strides[0] ?? 1, 1]),
    group: int(groups),
    kernel_shape: ints([height, rows.blocks]),
    pads: ints([window.padsBegin[0] ?? 0, 0, window.padsEnd[0] ?? 0, 0]),
    strides: ints([window.dilations[0] ?? 1, rows.blocks]),
  };
  const inRows = (image: Value): Value => {
    const [, width = 1] = dimensionsOf(image);
    return reshape(graph, rowsFirst(graph, image, rows), [
      1,
      groups * rows.sets * block,
      largeHeight,
      width * rows.blocks,
    ]);
  };
  /** The sum over all samples, [columns, M / block, h, C, block], of an image that meets the gradient moved to so many columns. */
  const correlate = (image: Value, moved: Value, columns = 1): Value => {
    const weights = gradientWeights(graph, moved, rows, block);
    const correlated = graph.op('Conv', [image, weights], attributes, { domain: blockedDomain });
    const width = (dimensionsOf(image)[3] ?? 1) / rows.blocks;
    const size = columns * filters * kernelHeight * width;
    const summed = sumOver(graph, reshape(graph, correlated, [groups, size]), [0], false);
    return reshape(graph, summed, [columns, filters / block, kernelHeight, width, block]);
  };
  const parts = columnsOf(graph, large, window.strides[1] ?? 1, block);
  const shifts = shiftsOf(window, kernelWidth);
  if (channels * 4 <= filters) {
    // What has fewer channels is moved: the columns of the kernel are further channels of one image.
    const moved = shifts.flatMap(({ part, shift }) =>
      parts.slice(part, part + 1).map((image) => moveAxis(graph, image, 1, { before: -shift, after: shift })),
    );
    const summed = correlate(inRows(concat(graph, moved, 1)), gradient);
    const apart = reshape(graph, summed, [filters / block, kernelHeight, kernelWidth, channels, block]);
    return reshape(graph, transpose(graph, apart, [0, 4, 3, 1, 2]), [filters, channels, kernelHeight, kernelWidth]);
  }
  const images = parts.map(inRows);
  const perColumn = (): Value[] => {
    const [image, ...others] = images;
    const reach = filters === block && others.length === 0 ? outerReach(shifts.map(({ shift }) => shift)) : undefined;
    if (!image || reach === undefined) {
      return shifts.flatMap(({ part, shift }) =>
        images.slice(part, part + 1).map((one) => correlate(one, moveColumns(graph, gradient, shift, block))),
      );
    }
    const outer = correlate(image, moveBothWays(graph, gradient, reach, block), 2);
    const [first, last] = [0, 1].map((start) => slice(graph, outer, [{ axis: 0, start, end: start + 1 }]));
    return [first, correlate(image, gradient), last].filter((part) => part !== undefined);
  };
  // [w, M / block, h, C] rows of a block of filters.
  const axes = [kernelWidth, filters / block, kernelHeight, channels];
  const ordered = orderRows(graph, concat(graph, perColumn(), 0), axes, { order: [3, 2, 0, 1] });
  const byFilter = transpose(graph, reshape(graph, ordered, [channels * kernelHeight * kernelWidth, filters]), [1, 0]);
  return reshape(graph, byFilter, [filters, channels, kernelHeight, kernelWidth]);
}

/** Every `stride`-th column, from the first on, from the second on, …: picked out where they are blocks of an image's channels. */
function columnsOf(graph: Graph, image: Value, stride: number, block: number): Value[] {
  const [, channels = 1, , width = 1] = dimensionsOf(image);
  if (stride === 1 || channels % block !== 0) return splitAxis(graph, image, 3, stride);
  return Array.from({ length: stride }, (_, start) =>
    slice(graph, image, [{ axis: 3, start, end: width - stride + start + 1, step: stride }]),
  );
}

/** Undefined where the positions do not fill blocks, or the products per offset are faster. */
function rowsOf(correlation: Correlation, block: number): Rows | undefined {
  const { large, small, window, groups } = correlation;
  const [batch = 1, filters = 1, height = 1, width = 1] = dimensionsOf(small);
  const [, channels = 1, , largeWidth] = dimensionsOf(large);
  const [, columns = 1] = window.kernel;
  const [, stride = 1] = window.strides;
  if (small.type !== 'float32' || small.shape.length !== 4 || groups > 1) return undefined;
  if (isOneProduct(filters, channels, height * width)) return undefined;
  if (filters % block !== 0 || channels < fewestChannels || columns === 1 || largeWidth !== width * stride)
    return undefined;
  if (shiftsOf(window, columns).some(({ shift }) => Math.abs(shift) >= width)) return undefined;
  if (width % block === 0) return { samples: 1, sets: 1, blocks: width / block };
  const samples = block / width;
  if (block % width !== 0 || batch % samples !== 0) return undefined;
  return { samples, sets: setsOf(batch / samples), blocks: 1 };
}

/** A single channel leaves too little for a block's weights to be multiplied with. */
const fewestChannels = 2;

/**
 * The gradient in blocks as the weights [groups · M, sets · block, h, blocks] of one group per sample, or per some sets of few of them: where rows
 * are moved anyway, several sets are summed by one convolution, so that less is written and read for the sum over the batch.
 */
function gradientWeights(graph: Graph, gradient: Value, { samples, sets, blocks }: Rows, block: number): Value {
  const [batch = 1, filters = 1, height = 1, width = 1] = dimensionsOf(gradient);
  const groups = batch / samples / sets;
  const weights = [groups * filters, sets * block, height, blocks];
  if (samples === 1) return reshape(graph, gradient, weights);
  const apart = reshape(graph, gradient, [groups, sets, samples, filters / block, height, width * block]);
  return reshape(graph, transpose(graph, apart, [0, 3, 1, 4, 2, 5]), weights);
}

/** How many sets of samples one group sums: groups are left for many threads. */
function setsOf(count: number): number {
  return [4, 2].find((sets) => count % sets === 0 && count / sets >= 8) ?? 1;
}

/** The image's rows before its channels, a group's samples within them: [groups, h, C, samples, w]. */
function rowsFirst(graph: Graph, image: Value, { samples }: Rows): Value {
  const [batch = 1, channels = 1, height = 1, width = 1] = dimensionsOf(image);
  if (samples === 1) return transpose(graph, image, [0, 2, 1, 3]);
  const apart = reshape(graph, image, [batch / samples, samples, channels, height, width]);
  return transpose(graph, apart, [0, 3, 2, 1, 4]);
}

/** An image in blocks with its columns moved to the right, zeros where none come from. */
function moveColumns(graph: Graph, image: Value, shift: number, block: number): Value {
  if (shift === 0) return image;
  const reach = Math.abs(shift);
  return selectEntry(graph, image, block, {
    sizes: [1, reach + 1],
    entry: shift > 0 ? 0 : reach,
    pads: shift > 0 ? [0, reach, 0, 0] : [0, 0, 0, reach],
  });
}

/** How far the outer two of three columns are from the one between them, which does not move. */
function outerReach([first = 0, middle, last, ...others]: readonly number[]): number | undefined {
  return others.length === 0 && first < 0 && middle === 0 && last === -first ? last : undefined;
}

/**
 * An image of one block with its columns moved to the left, and to the right in a second block: a convolution whose kernels have a single one.
 * Two blocks of filters take less than one after the other, as ONNX Runtime sums more at once: nine tenths
 * of the whole gradient's time for 16 channels of 32×32.
 */
function moveBothWays(graph: Graph, image: Value, reach: number, block: number): Value {
  const data = new Float32Array(2 * block * block * 2);
  // [blocks of filters, entries, channels, filters]: the entry to the right moves to the left.
  for (let channel = 0; channel < block; channel++) {
    data[(block + channel) * block + channel] = 1;
    data[(2 * block + channel) * block + channel] = 1;
  }
  const kernel = graph.constant(floatTensor(data, [2 * block, block, 1, 2]));
  const attributes = { dilations: ints([1, 2 * reach]), kernel_shape: ints([1, 2]), pads: ints([0, reach, 0, reach]) };
  return graph.op('Conv', [image, kernel], attributes, { domain: blockedDomain });
}

/** Which of the parts that the stride makes each column of the kernel meets, and how many columns further. */
function shiftsOf({ strides, dilations, padsBegin }: Correlation['window'], columns: number) {
  const [, stride = 1] = strides;
  return Array.from({ length: columns }, (_, entry) => {
    const offset = entry * (dilations[1] ?? 1) - (padsBegin[1] ?? 0);
    const shift = Math.floor(offset / stride);
    return { part: offset - shift * stride, shift };
  });
}
