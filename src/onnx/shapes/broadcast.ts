import type { Dimension, Shape } from '../tensor.ts';

/**
 * The shape of an element-wise operation on these shapes (numpy's rule). A symbolic dimension meets 1 or itself; against
 * another number it takes that number, which is what the model must be run with.
 * @returns undefined when the shapes do not fit.
 */
export function broadcastShapes(shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: Dimension[] = [];
  for (let axis = 0; axis < rank; axis++) {
    let merged: Dimension = 1;
    for (const shape of shapes) {
      const dimension = shape[axis - (rank - shape.length)];
      if (dimension === undefined || dimension === 1 || dimension === merged) continue;
      if (merged === 1 || (typeof merged === 'string' && typeof dimension === 'number')) merged = dimension;
      else if (typeof dimension === 'number') return undefined;
    }
    result.push(merged);
  }
  return result;
}
