import { floatOf, inputOf, intOf, intsOf, textOf } from '../../onnx/attributes.ts';
import { dimensionsOf, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { elementCount, toNumbers } from '../../onnx/tensor.ts';
import { reshape } from '../layout.ts';
import { firstOutputGradient, unsupported, type GradientContext, type GradientRule } from '../rule.ts';

/** How one axis is resized. */
interface ResizedAxis {
  readonly input: number;
  readonly output: number;
  /** Output size over input size as the node has it, which may differ from the quotient of the sizes. */
  readonly scale: number;
}

/**
 * Interpolation by the nearest neighbour, lines or cubics is linear along one axis after the other: y = W x with a fixed matrix W per
 * axis, so that the gradient is Wᵀ g along every axis whose size changes.
 */
const resize: GradientRule = (context) => {
  const { graph, node } = context;
  refuseUncommonForms(node);
  const input = dimensionsOf(inputOf(node, 0));
  const output = dimensionsOf(firstOutputGradient(context));
  const scales = scalesOf(context);
  const gradient = input.reduce((value, size, axis) => {
    const resized = { input: size, output: output[axis] ?? size, scale: scales[axis] ?? 1 };
    if (resized.output === size && resized.scale === 1) return value;
    return multiplyAxis(graph, value, interpolation(node, resized), axis);
  }, firstOutputGradient(context));
  return [gradient];
};

function refuseUncommonForms(node: Node): void {
  const mode = textOf(node, 'mode', 'nearest');
  if (!['nearest', 'linear', 'cubic'].includes(mode)) throw unsupported(node, `mode ${mode} has no gradient rule`);
  if (intOf(node, 'antialias', 0) === 1) throw unsupported(node, 'antialiasing has no gradient rule');
  if (textOf(node, 'coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize') {
    throw unsupported(node, 'cropping has no gradient rule');
  }
  if (textOf(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw unsupported(node, 'keeping the aspect ratio has no gradient rule');
  }
}

/** The factor of every axis: given, or the quotient of the sizes. */
function scalesOf({ graph, node }: GradientContext): readonly number[] {
  const input = dimensionsOf(inputOf(node, 0));
  const scales = node.inputs[2];
  const output = node.outputs[0];
  const bySizes = output ? dimensionsOf(output).map((size, axis) => size / (input[axis] ?? size)) : [];
  if (node.inputs[3] || !scales) return bySizes;
  const tensor = graph.initializers.get(scales.name) ?? graph.known.get(scales.name);
  if (!tensor) throw unsupported(node, 'its scales are not a constant');
  const axes = intsOf(node, 'axes')?.map((axis) => (axis < 0 ? axis + input.length : axis)) ?? [...input.keys()];
  const numbers = toNumbers(tensor);
  return input.map((_, axis) => numbers[axes.indexOf(axis)] ?? 1);
}

/** The matrix [output, input] of one axis: row p holds the shares of the input elements in output p. */
function interpolation(node: Node, axis: ResizedAxis): Float32Array {
  const matrix = new Float32Array(axis.output * axis.input);
  const clamp = (position: number) => Math.min(Math.max(position, 0), axis.input - 1);
  for (let row = 0; row < axis.output; row++) {
    const coordinate = coordinateOf(node, row, axis);
    const put = (position: number, share: number) => {
      const place = row * axis.input + clamp(position);
      matrix[place] = (matrix[place] ?? 0) + share;
    };
    const mode = textOf(node, 'mode', 'nearest');
    if (mode === 'nearest') put(nearest(node, coordinate), 1);
    else if (mode === 'cubic')
      for (const [position, share] of cubicShares(node, coordinate, axis)) put(position, share);
    else {
      const low = Math.floor(coordinate);
      put(low, 1 - (coordinate - low));
      put(low + 1, coordinate - low);
    }
  }
  return matrix;
}

/** Four positions around a coordinate, and what the cubic kernel gives each (Keys 1981); what lies outside is the border, or left out. */
function cubicShares(node: Node, coordinate: number, { input }: ResizedAxis): (readonly [number, number])[] {
  const a = floatOf(node, 'cubic_coeff_a', -0.75);
  const low = Math.floor(coordinate);
  const isLeftOut = (position: number): boolean =>
    intOf(node, 'exclude_outside', 0) === 1 && (position < 0 || position >= input);
  const shares = [low - 1, low, low + 1, low + 2].map((position) => {
    const d = Math.abs(coordinate - position);
    const share = d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : a * (((d - 5) * d + 8) * d - 4);
    return [position, isLeftOut(position) ? 0 : share] as const;
  });
  const sum = shares.reduce((all, [, share]) => all + share, 0);
  return shares.map(([position, share]) => [position, share / sum]);
}

/** Coordinate in the input that an output position stands for. */
function coordinateOf(node: Node, position: number, { input, output, scale }: ResizedAxis): number {
  const mode = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return (position + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return output > 1 ? (position + 0.5) / scale - 0.5 : 0;
    case 'half_pixel_symmetric':
      return (input / 2) * (1 - output / (scale * input)) + (position + 0.5) / scale - 0.5;
    case 'align_corners':
      return output === 1 ? 0 : (position * (input - 1)) / (output - 1);
    case 'asymmetric':
      return position / scale;
    default:
      throw unsupported(node, `coordinates by ${mode} have no gradient rule`);
  }
}

function nearest(node: Node, coordinate: number): number {
  const mode = textOf(node, 'nearest_mode', 'round_prefer_floor');
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(coordinate - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(coordinate + 0.5);
    case 'floor':
      return Math.floor(coordinate);
    case 'ceil':
      return Math.ceil(coordinate);
    default:
      throw unsupported(node, `rounding by ${mode} has no gradient rule`);
  }
}

/** Wᵀ · value along one axis, W a matrix [size of the axis, columns]. */
function multiplyAxis(graph: Graph, value: Value, matrix: Float32Array, axis: number): Value {
  const sizes = dimensionsOf(value);
  const rows = sizes[axis] ?? 1;
  const columns = matrix.length / rows;
  const before = elementCount(sizes.slice(0, axis));
  const after = elementCount(sizes.slice(axis + 1));
  const shape = sizes.map((size, position) => (position === axis ? columns : size));
  if (after === 1) {
    const weights = graph.floats(matrix, [rows, columns], value);
    return reshape(graph, graph.op('MatMul', [reshape(graph, value, [before, rows]), weights]), shape);
  }
  const transposed = Float32Array.from(
    matrix,
    (_, place) => matrix[(place % rows) * columns + Math.floor(place / rows)] ?? 0,
  );
  const weights = graph.floats(transposed, [columns, rows], value);
  return reshape(graph, graph.op('MatMul', [weights, reshape(graph, value, [before, rows, after])]), shape);
}

export const resizeRules: Readonly<Record<string, GradientRule>> = { Resize: resize };
