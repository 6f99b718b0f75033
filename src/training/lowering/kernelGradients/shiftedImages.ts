import { dimensionsOf, type Graph } from '../../../onnx/graph.ts';
import type { Value } from '../../../onnx/node.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { Window } from '../../../onnx/window.ts';
import { pad, reshape, slice } from '../../../autodiff/layout.ts';
import { splitAxis } from './splitAxis.ts';

/** The two images that a kernel connects: the window slides over `large`, [N, C, …], and makes `small`, [N, M, …]. */
export interface Connected {
  readonly large: Value;
  readonly small: Value;
}

/**
 * What meets at each entry of a kernel: for each, in row-major order, two images of the same positions, whose product summed over batch and
 * positions is the gradient there. Where it copies less, `small` is moved against the window on all spatial axes but the last.
 */
export function alignImages(graph: Graph, { large, small }: Connected, window: Window): Connected[] {
  const [, filters = 1, ...positions] = dimensionsOf(small);
  const [, channels = 1, ...sizes] = dimensionsOf(large);
  const columns = window.kernel.at(-1) ?? 1;
  const rows = elementCount(window.kernel) / columns;
  const copiesLess = (columns - 1) * channels + (rows - 1) * filters < (rows * columns - 1) * channels;
  const single = window.strides.every((stride) => stride === 1);
  if (!copiesLess || !single || !overlaps(window, sizes, positions)) {
    return shiftedImages(graph, large, window, positions).map((shifted) => ({ large: shifted, small }));
  }
  const last = window.kernel.length - 1;
  const shift = shiftsOf(window, last, sizes[last] ?? 1, positions[last] ?? 1);
  const larges = shift.map((margins) => moveAxis(graph, large, last, margins));
  let smalls = [small];
  for (let axis = last - 1; axis >= 0; axis--) {
    const back = shiftsOf(window, axis, sizes[axis] ?? 1, positions[axis] ?? 1).map(({ before, after }) => ({
      before: -before,
      after: -after,
    }));
    const images = smalls;
    smalls = back.flatMap((margins) => images.map((image) => moveAxis(graph, image, axis, margins)));
  }
  return smalls.flatMap((moved) => larges.map((image) => ({ large: image, small: moved })));
}

/**
 * What each entry of a kernel meets at every position of its window, zeros where that is padding: one image
 * [N, C, …positions] for each entry, in row-major order.
 *
 * @param image [N, C, …]
 * @param positions number of positions of the window on each spatial axis
 */
export function shiftedImages(graph: Graph, image: Value, window: Window, positions: readonly number[]): Value[] {
  return overlaps(window, dimensionsOf(image).slice(2), positions)
    ? shiftAxisByAxis(graph, image, window, positions)
    : slicePadded(graph, image, window, positions);
}

/** Whether every entry of the kernel meets the image somewhere. */
function overlaps(window: Window, sizes: readonly number[], positions: readonly number[]): boolean {
  return window.kernel.every((_, axis) => {
    const size = Math.ceil((sizes[axis] ?? 0) / (window.strides[axis] ?? 1));
    return shiftsOf(window, axis, sizes[axis] ?? 0, positions[axis] ?? 0).every(
      ({ before, after }) => before > -size && after > -size,
    );
  });
}

interface Margins {
  readonly before: number;
  readonly after: number;
}

/** The part of an axis that an entry of the kernel meets, of those that a stride divides it into, and how it is moved. */
interface Shift extends Margins {
  readonly part: number;
}

/** How one axis of the image is moved to each entry of the kernel; negative margins cut entries off. */
function shiftsOf(window: Window, axis: number, size: number, positions: number): Shift[] {
  const stride = window.strides[axis] ?? 1;
  return Array.from({ length: window.kernel[axis] ?? 1 }, (_, entry) => {
    const first = entry * (window.dilations[axis] ?? 1) - (window.padsBegin[axis] ?? 0);
    const before = -Math.floor(first / stride);
    return { part: first + before * stride, before, after: positions - Math.ceil(size / stride) - before };
  });
}

/**
 * Moves the last axis first, to each entry of the kernel; rows are then moved as whole runs of memory. An image that
 * does not move is not copied.
 */
function shiftAxisByAxis(graph: Graph, image: Value, window: Window, positions: readonly number[]): Value[] {
  const spatial = dimensionsOf(image).slice(2);
  let moved = [image];
  for (let axis = spatial.length - 1; axis >= 0; axis--) {
    const [size = 1, stride = 1] = [spatial[axis], window.strides[axis]];
    const whole = Math.ceil(size / stride) * stride;
    const parts = moved.map((one) =>
      splitAxis(graph, moveAxis(graph, one, axis, { before: 0, after: whole - size }), axis + 2, stride),
    );
    // The entries of this axis come before those of the axes that were moved already.
    moved = shiftsOf(window, axis, size, positions[axis] ?? 1).flatMap(({ part, ...margins }) =>
      parts.flatMap((of) => of.slice(part, part + 1).map((one) => moveAxis(graph, one, axis, margins))),
    );
  }
  return moved;
}

/** The image with margins of zeros on one spatial axis; negative ones cut off. The same image where there are none. */
export function moveAxis(graph: Graph, image: Value, axis: number, { before, after }: Margins): Value {
  if (before === 0 && after === 0) return image;
  const shape = dimensionsOf(image);
  const size = shape[axis + 2] ?? 1;
  const trailing = elementCount(shape.slice(axis + 3));
  const flat = reshape(graph, image, [elementCount(shape.slice(0, axis + 2)), size * trailing]);
  const padded = graph.op('Pad', [flat, graph.integers([0, before * trailing, 0, after * trailing])]);
  return reshape(graph, padded, shape.with(axis + 2, before + size + after));
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
