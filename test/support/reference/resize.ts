import { floatOf, intOf, textOf } from '../../../src/onnx/attributes.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { dimensionsOf } from '../../../src/onnx/graph.ts';
import { at, fill } from './array.ts';
import { given, integersOf, type Operator } from './operator.ts';

/** Coordinate in the input of an output position along one axis, as the specification of Resize defines it. */
function inputCoordinate(node: Node, position: number, input: number, output: number, scale: number): number {
  const mode = textOf(node, 'coordinate_transformation_mode', 'half_pixel');
  switch (mode) {
    case 'half_pixel':
      return (position + 0.5) / scale - 0.5;
    case 'half_pixel_symmetric':
      return input / 2 - (output * (input / 2)) / (scale * input) + (position + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return output > 1 ? (position + 0.5) / scale - 0.5 : 0;
    case 'align_corners':
      return output === 1 ? 0 : (position * (input - 1)) / (output - 1);
    case 'asymmetric':
      return position / scale;
    default:
      throw new Error(`the reference has no Resize with ${mode}`);
  }
}

function nearest(node: Node, coordinate: number): number {
  switch (textOf(node, 'nearest_mode', 'round_prefer_floor')) {
    case 'round_prefer_floor':
      return Math.ceil(coordinate - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(coordinate + 0.5);
    case 'floor':
      return Math.floor(coordinate);
    default:
      return Math.ceil(coordinate);
  }
}

/** The four coefficients of the specification for a share between two pixels. */
function cubicCoefficients(share: number, a: number): number[] {
  const [rest, before] = [1 - share, share + 1];
  const behind = rest + 1;
  return [
    ((a * before - 5 * a) * before + 8 * a) * before - 4 * a,
    ((a + 2) * share - (a + 3)) * share * share + 1,
    ((a + 2) * rest - (a + 3)) * rest * rest + 1,
    ((a * behind - 5 * a) * behind + 8 * a) * behind - 4 * a,
  ];
}

const resize: Operator = ([input, , scalesInput, sizesInput], node) => {
  const x = given(input);
  const output = dimensionsOf(node.outputs[0]!);
  const given2 = scalesInput && scalesInput.data.length > 0 ? integersOf(scalesInput) : undefined;
  const scales = sizesInput ? x.shape.map((size, axis) => output[axis]! / size) : given2!;
  const mode = textOf(node, 'mode', 'nearest');
  if (intOf(node, 'antialias', 0) || floatOf(node, 'extrapolation_value', 0)) throw new Error('not in the reference');
  const clamp = (position: number, axis: number) => Math.min(Math.max(position, 0), x.shape[axis]! - 1);
  const coordinates = output.map((size, axis) =>
    Array.from({ length: size }, (_, position) =>
      size === x.shape[axis] && scales[axis] === 1
        ? position
        : inputCoordinate(node, position, x.shape[axis]!, size, scales[axis]!),
    ),
  );
  /** Interpolation along `axis` and the axes after it. */
  const interpolate = (index: readonly number[], source: readonly number[], axis: number): number => {
    if (axis === index.length) return at(x, source);
    const coordinate = coordinates[axis]![index[axis]!]!;
    if (mode === 'cubic') {
      const low = Math.floor(coordinate);
      const places = [low - 1, low, low + 1, low + 2];
      const isLeftOut = (place: number): boolean =>
        intOf(node, 'exclude_outside', 0) === 1 && place !== clamp(place, axis);
      const shares = cubicCoefficients(coordinate - low, floatOf(node, 'cubic_coeff_a', -0.75)).map((share, tap) =>
        isLeftOut(places[tap]!) ? 0 : share,
      );
      const sum = shares.reduce((all, share) => all + share, 0);
      return places.reduce(
        (all, place, tap) => all + (shares[tap]! / sum) * interpolate(index, [...source, clamp(place, axis)], axis + 1),
        0,
      );
    }
    if (mode !== 'linear') return interpolate(index, [...source, clamp(nearest(node, coordinate), axis)], axis + 1);
    const low = Math.floor(coordinate);
    const share = coordinate - low;
    return (
      (1 - share) * interpolate(index, [...source, clamp(low, axis)], axis + 1) +
      share * interpolate(index, [...source, clamp(low + 1, axis)], axis + 1)
    );
  };
  return [fill(output, (index) => interpolate(index, [], 0))];
};

export const resizeOperators: Readonly<Record<string, Operator>> = { Resize: resize };
