import { intOf, intsOf, textOf } from '../../../src/onnx/attributes.ts';
import { dimensionsOf } from '../../../src/onnx/graph.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { toNumbers } from '../../../src/onnx/tensor.ts';
import { arrayOf, at, broadcastShape, atBroadcast, fill, fromFront, withEntry, type NumberArray } from './array.ts';
import { given, integersOf, type Operator } from './operator.ts';

/** Same elements, in the shape that the graph says. */
const reshape: Operator = ([x], node) => [arrayOf(dimensionsOf(node.outputs[0]!), given(x).data)];

const permute = (x: NumberArray, order: readonly number[]): NumberArray =>
  fill(
    order.map((axis) => x.shape[axis]!),
    (index) => {
      const source: number[] = [];
      order.forEach((axis, position) => (source[axis] = index[position]!));
      return at(x, source);
    },
  );

const transpose: Operator = ([x], node) => [
  permute(
    given(x),
    intsOf(node, 'perm') ??
      given(x)
        .shape.map((_, axis) => axis)
        .reverse(),
  ),
];

const concat: Operator = (inputs, node) => {
  const parts = inputs.map(given);
  const first = given(parts[0]);
  const axis = fromFront(intOf(node, 'axis', 0), first.shape.length);
  const length = parts.reduce((sum, part) => sum + part.shape[axis]!, 0);
  return [
    fill(withEntry(first.shape, axis, length), (index) => {
      let entry = index[axis]!;
      const part = parts.find((candidate) => {
        if (entry < candidate.shape[axis]!) return true;
        entry -= candidate.shape[axis]!;
        return false;
      });
      return at(given(part), withEntry(index, axis, entry));
    }),
  ];
};

const split: Operator = ([input, sizesInput], node) => {
  const x = given(input);
  const axis = fromFront(intOf(node, 'axis', 0), x.shape.length);
  const count = node.outputs.length;
  const even = Math.ceil(x.shape[axis]! / count);
  const sizes = integersOf(sizesInput) ?? node.outputs.map((_, part) => Math.min(even, x.shape[axis]! - part * even));
  let start = 0;
  return sizes.map((size) => {
    const from = start;
    start += size;
    return fill(withEntry(x.shape, axis, size), (index) => at(x, withEntry(index, axis, from + index[axis]!)));
  });
};

const slice: Operator = ([input, starts, ends, axesInput, stepsInput]) => {
  const x = given(input);
  const rank = x.shape.length;
  const axes = (integersOf(axesInput) ?? given(starts).data.map((_, axis) => axis)).map((axis: number) =>
    fromFront(axis, rank),
  );
  const steps = integersOf(stepsInput) ?? Array.from(axes, () => 1);
  const from = x.shape.map(() => 0);
  const by = x.shape.map(() => 1);
  const shape = [...x.shape];
  axes.forEach((axis: number, position: number) => {
    const size = x.shape[axis]!;
    const step = steps[position]!;
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const bounded = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, low), high);
    const start = bounded(given(starts).data[position]!);
    const end = given(ends).data[position]! < -size && step < 0 ? -1 : bounded(given(ends).data[position]!);
    from[axis] = start;
    by[axis] = step;
    shape[axis] = Math.max(0, Math.ceil((end - start) / step));
  });
  return [
    fill(shape, (index) =>
      at(
        x,
        index.map((entry, axis) => from[axis]! + entry * by[axis]!),
      ),
    ),
  ];
};

/** Where an element of a padded axis comes from; undefined for a constant. */
function paddedSource(entry: number, size: number, mode: string): number | undefined {
  if (entry >= 0 && entry < size) return entry;
  switch (mode) {
    case 'edge':
      return entry < 0 ? 0 : size - 1;
    case 'reflect':
      return entry < 0 ? -entry : 2 * (size - 1) - entry;
    case 'wrap':
      return (entry + size) % size;
    default:
      return undefined;
  }
}

const pad: Operator = ([input, padsInput, constant, axesInput], node) => {
  const x = given(input);
  const axes = (integersOf(axesInput) ?? x.shape.map((_, axis) => axis)).map((axis) => fromFront(axis, x.shape.length));
  const pads = given(padsInput).data;
  const begin = x.shape.map((_, axis) => (axes.includes(axis) ? pads[axes.indexOf(axis)]! : 0));
  const end = x.shape.map((_, axis) => (axes.includes(axis) ? pads[axes.indexOf(axis) + axes.length]! : 0));
  const mode = textOf(node, 'mode', 'constant');
  return [
    fill(
      x.shape.map((size, axis) => size + begin[axis]! + end[axis]!),
      (index) => {
        const source = index.map((entry, axis) => paddedSource(entry - begin[axis]!, x.shape[axis]!, mode));
        return source.includes(undefined) ? (constant?.data[0] ?? 0) : at(x, source as number[]);
      },
    ),
  ];
};

const expand: Operator = ([x, shape]) => [
  fill(broadcastShape([given(x).shape, integersOf(shape)!]), (index) => atBroadcast(given(x), index)),
];

const tile: Operator = ([input, repeats]) => {
  const x = given(input);
  return [
    fill(
      x.shape.map((size, axis) => size * given(repeats).data[axis]!),
      (index) =>
        at(
          x,
          index.map((entry, axis) => entry % x.shape[axis]!),
        ),
    ),
  ];
};

const depthToSpace: Operator = ([input], node: Node) => {
  const x = given(input);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const b = intOf(node, 'blocksize', 1);
  const depth = c / (b * b);
  const columnFirst = textOf(node, 'mode', 'DCR') === 'DCR';
  const blocks = arrayOf(columnFirst ? [n, b, b, depth, h, w] : [n, depth, b, b, h, w], x.data);
  const moved = permute(blocks, columnFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return [arrayOf([n, depth, h * b, w * b], moved.data)];
};

const spaceToDepth: Operator = ([input], node) => {
  const x = given(input);
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const b = intOf(node, 'blocksize', 1);
  const moved = permute(arrayOf([n, c, h / b, b, w / b, b], x.data), [0, 3, 5, 1, 2, 4]);
  return [arrayOf([n, c * b * b, h / b, w / b], moved.data)];
};

/** Keeps the upper (or lower) triangle of the last two axes. */
const triangle: Operator = ([input, diagonal], node) => {
  const x = given(input);
  const upper = intOf(node, 'upper', 1) === 1;
  return [
    fill(x.shape, (index) => {
      const [row, column] = index.slice(-2);
      const distance = column! - row! - (diagonal?.data[0] ?? 0);
      return (upper ? distance >= 0 : distance <= 0) ? at(x, index) : 0;
    }),
  ];
};

const constantOfShape: Operator = ([shape], node) => {
  const attribute = node.attributes['value'];
  const value = attribute?.kind === 'tensor' ? toNumbers(attribute.value)[0]! : 0;
  return [fill(integersOf(shape)!, () => value)];
};

const range: Operator = ([start, limit, delta]) => {
  const step = given(delta).data[0]!;
  const count = Math.max(0, Math.ceil((given(limit).data[0]! - given(start).data[0]!) / step));
  return [fill([count], ([index]) => given(start).data[0]! + index! * step)];
};

export const layoutOperators: Readonly<Record<string, Operator>> = {
  Reshape: reshape,
  Flatten: reshape,
  Squeeze: reshape,
  Unsqueeze: reshape,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: triangle,
  Shape: ([x]) => [arrayOf([given(x).shape.length], given(x).shape)],
  ConstantOfShape: constantOfShape,
  Range: range,
};
