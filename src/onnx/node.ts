import type { DataType, Shape, Tensor } from './tensor.ts';

/** A tensor that flows through a graph. Identity matters: two values never share a name. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: Shape;
}

/** A nested graph (If, Loop, Scan): carried along, never differentiated. */
export interface OpaqueGraph {
  readonly kind: 'graph';
  readonly bytes: Uint8Array;
  /** Names of outer values that the nested graph reads. */
  readonly captures: readonly string[];
}

/** Value of a node's attribute. Floats and integers are distinguished by their wrapper type in the file only. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | OpaqueGraph;

export type Attributes = Readonly<Record<string, Attribute>>;

/** One application of an operator. An omitted optional input or output is `undefined`. */
export interface Node {
  readonly name: string;
  readonly operator: string;
  /** Empty for the standard ONNX operators. */
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
}
