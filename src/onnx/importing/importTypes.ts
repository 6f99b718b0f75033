import { DistilleryError } from '../../errors.ts';
import type { ValueInfoProto } from '../onnx_pb.ts';
import type { DataType, Shape } from '../tensor.ts';
import { dataTypeOf } from '../tensorProto.ts';

/** Declared type and shape of a value. */
export interface DeclaredType {
  readonly type: DataType;
  /** Dimensions without a number are named as the file names them, or `<value>.<axis>`. */
  readonly shape: Shape;
}

/**
 * The type that a file declares for a value. A dimension of 0 or less, as some exporters write for "any", is symbolic.
 * @throws DistilleryError `UNSUPPORTED` when it is not a tensor, or its number of axes is not declared
 */
export function declaredType(info: ValueInfoProto): DeclaredType {
  const declared = info.type?.value;
  if (declared?.case !== 'tensorType') {
    throw new DistilleryError('UNSUPPORTED', `'${info.name}' is not a tensor (or has no declared type).`);
  }
  const { elemType, shape } = declared.value;
  if (!shape) {
    throw new DistilleryError('UNSUPPORTED', `The number of axes of '${info.name}' is not declared.`, {
      hint: 'Export the model with the shapes of its inputs.',
    });
  }
  return {
    type: dataTypeOf(elemType, `'${info.name}'`),
    shape: shape.dim.map(({ value }, axis) => {
      if (value.case === 'dimValue' && value.value > 0n) return Number(value.value);
      return value.case === 'dimParam' && value.value !== '' ? value.value : `${info.name}.${axis}`;
    }),
  };
}

/**
 * The numbers that symbolic dimensions are bound to. `batch` binds axis 0 of every input where it is symbolic, and, in a
 * model none of whose inputs has such an axis 0, the first symbolic dimension of every input.
 * @param bind numbers by the name of the dimension; these go first
 */
export function bindDimensions(
  inputs: readonly DeclaredType[],
  options: { readonly bind?: Readonly<Record<string, number>>; readonly batch?: number },
): ReadonlyMap<string, number> {
  const bound = new Map(Object.entries(options.bind ?? {}));
  const { batch } = options;
  if (batch === undefined) return bound;
  const leading = inputs.flatMap(({ shape }) => (typeof shape[0] === 'string' ? [shape[0]] : []));
  const anywhere = inputs.flatMap(({ shape }) => shape.find((dimension) => typeof dimension === 'string') ?? []);
  for (const name of leading.length > 0 ? leading : anywhere) if (!bound.has(name)) bound.set(name, batch);
  return bound;
}

/** The shape with symbolic dimensions replaced by what they are bound to. */
export function bindShape(shape: Shape, bound: ReadonlyMap<string, number>): Shape {
  return shape.map((dimension) => (typeof dimension === 'string' ? (bound.get(dimension) ?? dimension) : dimension));
}
