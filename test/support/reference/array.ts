/** A dense row-major array of doubles. Integers and booleans are kept as doubles too. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Number of elements of an array of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The array with these elements. */
export function arrayOf(shape: readonly number[], data: ArrayLike<number>): NumberArray {
  if (data.length !== sizeOf(shape)) throw new Error(`${data.length} elements for shape [${shape.join()}]`);
  return { shape, data: Float64Array.from(data) };
}

/** The array whose element at each index is what `element` returns; the index is reused between calls. */
export function fill(shape: readonly number[], element: (index: readonly number[]) => number): NumberArray {
  const data = new Float64Array(sizeOf(shape));
  eachIndex(shape, (index, position) => {
    data[position] = element(index);
  });
  return { shape, data };
}

/** Calls `visit` for every index of the shape in row-major order; the index is reused between calls. */
export function eachIndex(shape: readonly number[], visit: (index: readonly number[], position: number) => void): void {
  const index = shape.map(() => 0);
  const size = sizeOf(shape);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Row-major position of an index. */
export function positionOf(shape: readonly number[], index: readonly number[]): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) position = position * shape[axis]! + index[axis]!;
  return position;
}

/** The element at an index. */
export function at(array: NumberArray, index: readonly number[]): number {
  return array.data[positionOf(array.shape, index)]!;
}

/** The element that stands at an index of the broadcast shape. */
export function atBroadcast(array: NumberArray, index: readonly number[]): number {
  const offset = index.length - array.shape.length;
  let position = 0;
  for (let axis = 0; axis < array.shape.length; axis++) {
    const dimension = array.shape[axis]!;
    position = position * dimension + (dimension === 1 ? 0 : index[axis + offset]!);
  }
  return array.data[position]!;
}

/** Shape of an element-wise operation on arrays of these shapes. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dimensions = shapes.map((shape) => shape[axis - (rank - shape.length)] ?? 1);
    return dimensions.find((dimension) => dimension !== 1) ?? 1;
  });
}

/** The axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The index with the entry at `axis` replaced. */
export function withEntry(index: readonly number[], axis: number, entry: number): number[] {
  return index.map((own, position) => (position === axis ? entry : own));
}
