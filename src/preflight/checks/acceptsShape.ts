import type { Shape } from '../../onnx/tensor.ts';

/** Whether a value of this shape can have these sizes; a dimension that is left open takes any size. */
export function acceptsShape(shape: Shape, sizes: readonly number[]): boolean {
  return (
    shape.length === sizes.length &&
    shape.every((dimension, axis) => typeof dimension === 'string' || dimension === sizes[axis])
  );
}
