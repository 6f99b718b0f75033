import { DistilleryError } from '../errors.ts';
import { dimensionsOf, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { Window } from '../onnx/window.ts';
import { formula } from './formula.ts';
import { concat, pad, reshape, zeros } from './layout.ts';

/** A window's part along one axis of the tensor. */
export interface AxisWindow {
  /** Axis of the tensor, the batch and the channels counted. */
  readonly axis: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

/** The window's part along spatial axis `axis`. */
export function alongAxis(window: Window, axis: number): AxisWindow {
  return {
    axis: axis + 2,
    kernel: window.kernel[axis] ?? 1,
    stride: window.strides[axis] ?? 1,
    dilation: window.dilations[axis] ?? 1,
    before: window.padsBegin[axis] ?? 0,
  };
}

/**
 * Lays the windows' parts back over the axis that they were taken from, adding up where they overlap: the transpose of
 * sliding a window along one axis.
 * @param shares one value per kernel entry; entry e of position p belongs to place p · stride + e · dilation − before
 * @param size length of the axis
 */
export function overlay(graph: Graph, shares: readonly Value[], size: number, window: AxisWindow): Value {
  const { axis, stride, dilation, before } = window;
  const placed = shares.map((share, entry) => ({
    share,
    phase: (entry * dilation) % stride,
    shift: Math.floor((entry * dilation) / stride),
  }));
  const furthest = Math.max(...placed.map(({ shift }) => shift));
  /** The shares at places p · stride + phase, each shifted by whole strides. */
  const phases = Array.from({ length: stride }, (_, phase) =>
    placed
      .filter((other) => other.phase === phase)
      .map(({ share, shift }) => pad(graph, share, [{ axis, before: shift, after: furthest - shift }]))
      .reduce<Value | undefined>((sum, share) => (sum ? formula(graph).add(sum, share) : share), undefined),
  );
  const whole = interleave(graph, phases, axis);
  const length = dimensionsOf(whole)[axis] ?? 1;
  return pad(graph, whole, [{ axis, before: -before, after: size + before - length }]);
}

/** Entry p · n + i of the result's axis is entry p of the i-th of n values, or 0 where that is undefined. */
function interleave(graph: Graph, values: readonly (Value | undefined)[], axis: number): Value {
  const [like] = values.filter((value) => value !== undefined);
  if (!like) throw new DistilleryError('INTERNAL', 'Nothing to interleave.');
  const sizes = dimensionsOf(like);
  const apart = [...sizes.slice(0, axis + 1), 1, ...sizes.slice(axis + 1)];
  const columns = values.map((value) => (value ? reshape(graph, value, apart) : zeros(graph, apart, like)));
  return reshape(
    graph,
    concat(graph, columns, axis + 1),
    sizes.map((size, position) => (position === axis ? size * values.length : size)),
  );
}
