import { dimensionsOf, type Graph, type Value } from '../../onnx/graph.ts';
import { elementCount } from '../../onnx/tensor.ts';
import type { Window } from '../../onnx/window.ts';
import { pad, reshape, slice } from '../layout.ts';

/**
 * What each entry of a kernel meets at every position of its window, zeros where that is padding: one image
 * [N, C, …positions] for each entry, in row-major order.
 *
 * @param image [N, C, …]
 * @param positions number of positions of the window on each spatial axis
 */
export function shiftedImages(graph: Graph, image: Value, window: Window, positions: readonly number[]): Value[] {
  const sizes = dimensionsOf(image).slice(2);
  const overlaps = window.kernel.every((_, axis) => {
    const size = sizes[axis] ?? 0;
    return shiftsOf(window, axis, size, positions[axis] ?? 0).every(
      ({ before, after }) => before > -size && after > -size,
    );
  });
  return window.strides.every((stride) => stride === 1) && overlaps
    ? shiftAxisByAxis(graph, image, window, positions)
    : slicePadded(graph, image, window, positions);
}

/** The margins that move one axis of the image to each entry of the kernel; negative numbers cut entries off. */
function shiftsOf({ kernel, dilations, padsBegin }: Window, axis: number, size: number, positions: number) {
  return Array.from({ length: kernel[axis] ?? 1 }, (_, entry) => {
    const before = (padsBegin[axis] ?? 0) - entry * (dilations[axis] ?? 1);
    return { before, after: positions - size - before };
  });
}

/**
 * Moves the last axis first, to each entry of the kernel; rows are then moved as whole runs of memory. An image that
 * does not move is not copied.
 */
function shiftAxisByAxis(graph: Graph, image: Value, window: Window, positions: readonly number[]): Value[] {
  const [batch = 1, channels = 1, ...spatial] = dimensionsOf(image);
  let moved = [image];
  for (let axis = spatial.length - 1; axis >= 0; axis--) {
    const size = spatial[axis] ?? 1;
    const trailing = elementCount(positions.slice(axis + 1));
    const flat = [batch * channels * elementCount(spatial.slice(0, axis)), size * trailing];
    const shape = [batch, channels, ...spatial.slice(0, axis), ...positions.slice(axis)];
    // The entries of this axis come before those of the axes that were moved already.
    const images = moved;
    moved = shiftsOf(window, axis, size, positions[axis] ?? 1).flatMap(({ before, after }) =>
      images.map((one) => {
        if (before === 0 && after === 0) return one;
        const margins = [0, before * trailing, 0, after * trailing];
        return reshape(graph, graph.op('Pad', [reshape(graph, one, flat), graph.integers(margins)]), shape);
      }),
    );
  }
  return moved;
}

/** Cuts the image of each kernel entry out of the padded one. */
function slicePadded(graph: Graph, image: Value, window: Window, positions: readonly number[]): Value[] {
  const { kernel, strides, dilations, padsBegin, padsEnd } = window;
  const padded = pad(
    graph,
    image,
    kernel.map((_, axis) => ({ axis: axis + 2, before: padsBegin[axis] ?? 0, after: padsEnd[axis] ?? 0 })),
  );
  return offsetsOf(kernel).map((offset) =>
    slice(
      graph,
      padded,
      offset.map((entry, axis) => {
        const step = strides[axis] ?? 1;
        const start = entry * (dilations[axis] ?? 1);
        return { axis: axis + 2, start, end: start + ((positions[axis] ?? 1) - 1) * step + 1, step };
      }),
    ),
  );
}

/** Every index of the kernel, in row-major order. */
function offsetsOf(kernel: readonly number[]): readonly (readonly number[])[] {
  return kernel.reduce<readonly (readonly number[])[]>(
    (offsets, size) => offsets.flatMap((offset) => Array.from({ length: size }, (_, entry) => [...offset, entry])),
    [[]],
  );
}
