import type { Node } from '../../../src/onnx/node.ts';
import type { NumberArray } from './array.ts';

/** Evaluates one operator on doubles: its inputs (omitted ones are undefined) and the node with its attributes. */
export type Operator = (inputs: readonly (NumberArray | undefined)[], node: Node) => readonly NumberArray[];

/** An input that must be there. */
export function given(array: NumberArray | undefined): NumberArray {
  if (!array) throw new Error('an input is missing');
  return array;
}

/** Elements of an optional input of integers (axes, a shape, pads). */
export function integersOf(array: NumberArray | undefined): number[] | undefined {
  return array && Array.from(array.data);
}
