import { productOf } from '../../onnx/shapes/rule.ts';
import type { Shape } from '../../onnx/tensor.ts';

/** Where an axis is after a reshape: on which axis, between how many positions before it and behind it. */
export interface Place {
  readonly axis: number;
  readonly before: number;
  readonly behind: number;
}

/** Where axis `at` of a shape is after a reshape. Undefined where it is divided. */
export function placeAfter(from: Shape, at: number, to: Shape): Place | undefined {
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const size = to[axis];
    if (typeof size !== 'number') continue;
    for (let end = at + 1; end <= from.length; end++) {
      if (!areAsMany(from.slice(end), to.slice(axis + 1))) continue;
      for (let start = at; start >= 0; start--) {
        if (productOf(from.slice(start, end)) !== size) continue;
        return { axis, before: productOf(from.slice(start, at)) ?? 1, behind: productOf(from.slice(at + 1, end)) ?? 1 };
      }
    }
  }
  return placeAmongPieces(from, at, to);
}

/** The same where an axis behind is divided and a piece of it joined with this one. */
function placeAmongPieces(from: Shape, at: number, to: Shape): Place | undefined {
  const [own, behind] = [from[at], productOf(from.slice(at + 1))];
  if (typeof own !== 'number' || behind === undefined) return undefined;
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const [size, rest] = [to[axis], productOf(to.slice(axis + 1))];
    if (typeof size !== 'number' || rest === undefined || behind % rest !== 0) continue;
    const piece = behind / rest;
    if (size % (own * piece) === 0) return { axis, before: size / (own * piece), behind: piece };
  }
  return undefined;
}

/** The axes that one becomes in a reshape. */
export interface Pieces {
  readonly first: number;
  readonly sizes: readonly number[];
  /** Whether the last of them is joined with axes behind, as pixels are in a normalisation by groups. */
  readonly isJoined: boolean;
}

/** The axes that axis `at` of a shape is divided into by a reshape. Undefined where it is something else. */
export function piecesAfter(from: Shape, at: number, to: Shape): Pieces | undefined {
  const size = from[at];
  if (typeof size !== 'number') return undefined;
  for (let first = 0; first < to.length; first++) {
    for (let end = first + 2; end <= to.length; end++) {
      const sizes = to.slice(first, end).flatMap((each) => (typeof each === 'number' ? [each] : []));
      if (sizes.length !== end - first) break;
      if (productOf(sizes) === size && areAround(from, [at, at + 1], to, [first, end])) {
        return { first, sizes, isJoined: false };
      }
      const [leading, joined] = [productOf(sizes.slice(0, -1)) ?? 1, sizes.at(-1) ?? 1];
      const pixels = productOf(from.slice(at + 1)) ?? 0;
      const isSame = areAsMany(from.slice(0, at), to.slice(0, first));
      if (isSame && end === to.length && size % leading === 0 && joined === (size / leading) * pixels) {
        return { first, sizes: [...sizes.slice(0, -1), size / leading], isJoined: true };
      }
    }
  }
  return undefined;
}

/** Whether as many elements lie before and behind some axes of two shapes; those before need no look where those behind are known. */
function areAround(
  from: Shape,
  [start, end]: readonly [number, number],
  to: Shape,
  [first, last]: readonly [number, number],
): boolean {
  const [behind, other] = [productOf(from.slice(end)), productOf(to.slice(last))];
  if (behind !== undefined && other !== undefined) return behind === other;
  return areAsMany(from.slice(end), to.slice(last)) && areAsMany(from.slice(0, start), to.slice(0, first));
}

/** The axis on which [batch, heads · width] is joined and divided as [batch · heads, width], and how many heads there are. */
export function placeAmongSamples(
  from: Shape,
  at: number,
  to: Shape,
): { readonly axis: number; readonly size: number; readonly behind: number } | undefined {
  const own = from[at];
  if (typeof own !== 'number' || typeof from[at - 1] !== 'string') return undefined;
  for (const [axis, size] of to.entries()) {
    const width = to[axis + 1];
    if (typeof size !== 'string' || size === from[at - 1] || typeof width !== 'number' || own % width !== 0) continue;
    const isAround =
      areAsMany(from.slice(0, at - 1), to.slice(0, axis)) && areAsMany(from.slice(at + 1), to.slice(axis + 2));
    if (isAround) return { axis, size: own / width, behind: width };
  }
  return undefined;
}

/** The axis on which [batch, heads] is joined as [batch · heads]. */
export function placeWithSamples(from: Shape, at: number, to: Shape): number | undefined {
  if (typeof from[at - 1] !== 'string') return undefined;
  const axis = to.findIndex(
    (size, place) =>
      typeof size === 'string' &&
      size !== from[at - 1] &&
      areAsMany(from.slice(0, at - 1), to.slice(0, place)) &&
      areAsMany(from.slice(at + 1), to.slice(place + 1)),
  );
  return axis < 0 ? undefined : axis;
}

/** The way back: where what stands `count` times for every sample on axis `at` is an axis of its own again, or joined with all behind it. */
export function placeBesideSamples(
  from: Shape,
  at: number,
  count: number,
  to: Shape,
): { readonly axis: number; readonly behind: number } | undefined {
  for (let axis = 1; axis < to.length; axis++) {
    if (typeof to[axis - 1] !== 'string') continue;
    if (to[axis] === count && areAsMany(from.slice(at + 1), to.slice(axis + 1))) return { axis, behind: 1 };
    const behind = productOf(from.slice(at + 1));
    if (behind !== undefined && to[axis] === count * behind && axis === to.length - 1) return { axis, behind };
  }
  return undefined;
}

/** Whether two shapes have as many elements, as far as that can be seen. */
export function areAsMany(one: Shape, other: Shape): boolean {
  const [product, wanted] = [productOf(one), productOf(other)];
  if (product !== undefined || wanted !== undefined) return product === wanted;
  const long = (shape: Shape): string => shape.filter((size) => size !== 1).join();
  return long(one) === long(other);
}
