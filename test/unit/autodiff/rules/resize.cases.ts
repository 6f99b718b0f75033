import { float, int, text } from '../../../../src/onnx/graph.ts';
import type { Attributes } from '../../../../src/onnx/node.ts';
import { floatTensor } from '../../../../src/onnx/tensor.ts';
import { sample, type GradientCase } from '../../../support/gradientCheck.ts';
import type { Tf, TfTensor } from '../../../support/tensorflow.ts';

const attributesOf = (mode: string, coordinates: string, nearest?: string): Attributes => ({
  mode: text(mode),
  coordinate_transformation_mode: text(coordinates),
  ...(nearest === undefined ? {} : { nearest_mode: text(nearest) }),
});

const described = (attributes: Attributes) =>
  Object.values(attributes)
    .map((attribute) => (attribute.kind === 'string' ? attribute.value : ''))
    .join(' ');

const bySizes = (
  shape: readonly number[],
  sizes: readonly number[],
  attributes: Attributes,
  tensorflow?: (tf: Tf, x: TfTensor) => TfTensor,
): GradientCase => ({
  operator: 'Resize',
  title: `[${shape.join(', ')}] to [${sizes.join(', ')}], ${described(attributes)}`,
  inputs: [sample(shape)],
  build: (graph, [x]) => graph.op('Resize', [x, undefined, undefined, graph.integers(sizes)], attributes),
  ...(tensorflow ? { tensorflow: (tf: Tf, [x]: TfTensor[]) => tensorflow(tf, x!) } : {}),
});

const byScales = (shape: readonly number[], scales: readonly number[], attributes: Attributes): GradientCase => ({
  operator: 'Resize',
  title: `[${shape.join(', ')}] by [${scales.join(', ')}], ${described(attributes)}`,
  inputs: [sample(shape)],
  build: (graph, [x]) => graph.op('Resize', [x, undefined, graph.constant(floatTensor(scales))], attributes),
});

/** TensorFlow.js's resizing, which keeps the channels last. */
const tensorflowResize =
  (kind: 'resizeBilinear' | 'resizeNearestNeighbor', size: [number, number], corners: boolean, half: boolean) =>
  (tf: Tf, x: TfTensor): TfTensor =>
    tf.transpose(tf.image[kind](tf.transpose(x, [0, 2, 3, 1]) as never, size, corners, half), [0, 3, 1, 2]);

export const resizeCases: readonly GradientCase[] = [
  byScales([1, 2, 3, 2], [1, 1, 2, 2], attributesOf('nearest', 'asymmetric', 'floor')),
  byScales([1, 2, 4, 4], [1, 1, 0.5, 0.5], attributesOf('nearest', 'asymmetric', 'floor')),
  byScales([1, 1, 3, 4], [1, 1, 2, 3], attributesOf('nearest', 'half_pixel', 'round_prefer_ceil')),
  byScales([1, 1, 3, 4], [1, 1, 2, 2], attributesOf('linear', 'half_pixel')),
  byScales([1, 1, 5, 4], [1, 1, 0.6, 0.5], attributesOf('linear', 'half_pixel')),
  byScales([1, 1, 3, 3], [1, 1, 2, 2], attributesOf('linear', 'asymmetric')),
  bySizes([1, 2, 3, 4], [1, 2, 4, 7], attributesOf('linear', 'align_corners')),
  bySizes([1, 1, 4, 3], [1, 1, 1, 1], attributesOf('linear', 'pytorch_half_pixel')),
  bySizes([1, 2, 4, 3], [1, 2, 7, 5], attributesOf('nearest', 'half_pixel', 'ceil')),
  bySizes([2, 1, 5], [2, 1, 8], attributesOf('linear', 'half_pixel')),
  byScales([1, 1, 3, 4], [1, 1, 2, 2], attributesOf('cubic', 'half_pixel')),
  bySizes([1, 2, 5, 4], [1, 2, 3, 7], attributesOf('cubic', 'align_corners')),
  byScales([1, 1, 4, 5], [1, 1, 2, 0.8], {
    ...attributesOf('cubic', 'half_pixel'),
    ...{ cubic_coeff_a: float(-0.5), exclude_outside: int(1) },
  }),
  bySizes(
    [1, 2, 3, 3],
    [1, 2, 5, 8],
    attributesOf('linear', 'align_corners'),
    tensorflowResize('resizeBilinear', [5, 8], true, false),
  ),
  bySizes(
    [1, 2, 2, 3],
    [1, 2, 4, 6],
    attributesOf('nearest', 'asymmetric', 'floor'),
    tensorflowResize('resizeNearestNeighbor', [4, 6], false, false),
  ),
];
