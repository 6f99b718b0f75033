import { floatTensor, toNumbers, type DataType, type FloatTensor, type Tensor } from '../../onnx/tensor.ts';

/** The scales of whole numbers, and the numbers that stand for 0. */
export interface Scales {
  readonly scale: Tensor;
  readonly zero?: Tensor | undefined;
  /** The axis along which they differ; by default 1, as for `DequantizeLinear`. */
  readonly axis?: number | undefined;
  /** Elements along that axis that share a scale. */
  readonly block?: number | undefined;
}

const RANGES: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
};

/** The least number of a type of whole numbers; of other types infinite. */
export function lowestOf(type: DataType): number {
  return RANGES[type]?.[0] ?? -Infinity;
}

/** The largest number of a type of whole numbers; of other types infinite. */
export function highestOf(type: DataType): number {
  return RANGES[type]?.[1] ?? Infinity;
}

/** (whole − zero) × scale: the floats that whole numbers stand for. */
export function floatsOf(whole: Tensor, { scale, zero, axis: asked = 1, block }: Scales): FloatTensor {
  const { shape } = whole;
  const axis = asked < 0 ? asked + shape.length : asked;
  const [scales, zeros] = [toNumbers(scale), zero ? toNumbers(zero) : []];
  const behind = shape.slice(axis + 1).reduce((total, size) => total * size, 1);
  const size = shape[axis] ?? 1;
  const rows = scale.shape[axis] ?? 1;
  const numbers = toNumbers(whole);
  const placeOf = (at: number, count: number): number => {
    if (count === 1) return 0;
    const along = Math.floor(at / behind) % size;
    // Directions of a recurrent layer have scales of their own.
    if (block === undefined)
      return count > size ? Math.floor((at * count) / (numbers.length * size)) * size + along : along;
    return (Math.floor(at / (behind * size)) * rows + Math.floor(along / block)) * behind + (at % behind);
  };
  return floatTensor(
    Float32Array.from(
      numbers,
      (number, at) => (number - (zeros[placeOf(at, zeros.length)] ?? 0)) * (scales[placeOf(at, scales.length)] ?? 1),
    ),
    shape,
  );
}
