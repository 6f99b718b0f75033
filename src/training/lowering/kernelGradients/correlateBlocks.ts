import { concat, reshape, sumOver, transpose } from '../../../autodiff/layout.ts';
import type { Correlation } from '../../../autodiff/rules/kernelGradient.ts';
import { dimensionsOf, int, ints, type Graph, type Value } from '../../../onnx/graph.ts';
import { blockedDomain } from '../blocks/blockedDomain.ts';
import { isOneProduct } from './multiplyPerOffset.ts';
import { splitAxis } from './splitAxis.ts';

/** How a correlation's rows fill the blocks of a blocked convolution. */
interface Rows {
  /** Samples whose rows of positions make one block together. */
  readonly samples: number;
  /** Blocks of one row. */
  readonly blocks: number;
}

/**
 * A kernel's gradient as blocked convolutions, one for each column of the kernel: what is summed in a block are the
 * positions of a row (of several samples' rows where they are short), so that the blocks of the gradient, as the input's
 * gradient needs them too, are the weights of one group per sample without being moved. Rows of the kernel cost nothing,
 * they are positions of that convolution; the image is moved along its columns. Then the sum over the samples.
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
  const groups = batch / rows.samples;
  const kernel = blockGradient(graph, small, rows, block);
  const columns = moveColumns(graph, correlation, rows);
  const perColumn = columns.map((column) => {
    const image = reshape(graph, column, [1, groups * block, largeHeight, channels * rows.blocks]);
    const correlated = graph.op(
      'Conv',
      [image, kernel],
      {
        dilations: ints([window.strides[0] ?? 1, 1]),
        group: int(groups),
        kernel_shape: ints([height, rows.blocks]),
        pads: ints([window.padsBegin[0] ?? 0, 0, window.padsEnd[0] ?? 0, 0]),
        strides: ints([window.dilations[0] ?? 1, rows.blocks]),
      },
      { domain: blockedDomain },
    );
    const perSample = reshape(graph, correlated, [groups, filters * kernelHeight * channels]);
    return reshape(graph, sumOver(graph, perSample, [0], false), [1, filters / block, kernelHeight, channels, block]);
  });
  const ordered = transpose(graph, concat(graph, perColumn, 0), [1, 4, 3, 2, 0]);
  return reshape(graph, ordered, [filters, channels, kernelHeight, kernelWidth]);
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
  if (width % block === 0) return { samples: 1, blocks: width / block };
  const samples = block / width;
  return block % width === 0 && batch % samples === 0 ? { samples, blocks: 1 } : undefined;
}

/** A single channel leaves too little for a block's weights to be multiplied with. */
const fewestChannels = 2;

/** The gradient [N, M, h, w] as the weights [groups · M, block, h, blocks] of one group per sample or per few of them. */
function blockGradient(graph: Graph, gradient: Value, { samples, blocks }: Rows, block: number): Value {
  const [batch = 1, filters = 1, height = 1, width = 1] = dimensionsOf(gradient);
  const groups = batch / samples;
  const blocked = graph.op(
    'ReorderInput',
    [gradient],
    {},
    { domain: blockedDomain, results: [{ type: gradient.type, shape: gradient.shape }] },
  );
  if (samples === 1) return reshape(graph, blocked, [groups * filters, block, height, blocks]);
  const apart = reshape(graph, blocked, [groups, samples, filters / block, height, width * block]);
  return reshape(graph, transpose(graph, apart, [0, 2, 3, 1, 4]), [groups * filters, block, height, blocks]);
}

/**
 * For every column of the kernel the columns of the image that it meets, zeros where that is padding: rows of all samples
 * of a group first, then channels, then what is summed, [groups, rows, C, samples, positions].
 */
function moveColumns(graph: Graph, { large, small, window }: Correlation, { samples }: Rows): Value[] {
  const [batch = 1, channels = 1, height = 1] = dimensionsOf(large);
  const width = dimensionsOf(small)[3] ?? 1;
  const [, columns = 1] = window.kernel;
  const [, stride = 1] = window.strides;
  const parts = splitAxis(graph, large, 3, stride).map((part) => {
    const ordered =
      samples === 1
        ? transpose(graph, part, [0, 2, 1, 3])
        : transpose(graph, reshape(graph, part, [batch / samples, samples, channels, height, width]), [0, 3, 2, 1, 4]);
    return reshape(graph, ordered, [batch * channels * height, width]);
  });
  return shiftsOf(window, columns).flatMap(({ part, shift }) => {
    const rows = parts[part];
    if (!rows) return [];
    return [shift === 0 ? rows : graph.op('Pad', [rows, graph.integers([0, -shift, 0, shift])])];
  });
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
