import type { TensorProto } from '../onnx_pb.ts';
import { elementCount, floatTensor, type Tensor } from '../tensor.ts';
import { checkTensorLength, decodeTensor, dimensionsOfProto } from '../tensorProto.ts';

/** How an element of a type that graphs do not have is written. */
type Narrow =
  | { readonly kind: 'whole'; readonly bits: 2 | 4; readonly isSigned: boolean }
  | {
      readonly kind: 'float';
      readonly bits: 4 | 8;
      readonly mantissa: number;
      readonly bias: number;
      /** What has no number: the largest exponents as in IEEE 754, all ones but the sign, or a negative zero. */
      readonly without: 'ieee' | 'ones' | 'negative-zero' | 'nothing';
    }
  | { readonly kind: 'exponent'; readonly bits: 8 };

/** By the number of the type in the file format. */
const narrow: Readonly<Record<number, Narrow>> = {
  17: { kind: 'float', bits: 8, mantissa: 3, bias: 7, without: 'ones' },
  18: { kind: 'float', bits: 8, mantissa: 3, bias: 8, without: 'negative-zero' },
  19: { kind: 'float', bits: 8, mantissa: 2, bias: 15, without: 'ieee' },
  20: { kind: 'float', bits: 8, mantissa: 2, bias: 16, without: 'negative-zero' },
  21: { kind: 'whole', bits: 4, isSigned: false },
  22: { kind: 'whole', bits: 4, isSigned: true },
  23: { kind: 'float', bits: 4, mantissa: 1, bias: 1, without: 'nothing' },
  24: { kind: 'exponent', bits: 8 },
  25: { kind: 'whole', bits: 2, isSigned: false },
  26: { kind: 'whole', bits: 2, isSigned: true },
};

/** The numbers in the file format of the types of floats among them. */
export const smallFloats: readonly number[] = Object.entries(narrow).flatMap(([code, { kind }]) =>
  kind === 'whole' ? [] : [Number(code)],
);

/** Whether a stored tensor is of numbers of 2 or 4 bits, or of floats of 4 or 8, which graphs do not have. */
export function isNarrow({ dataType }: Pick<TensorProto, 'dataType'>): boolean {
  return dataType in narrow;
}

/**
 * A stored tensor as a tensor in memory. Numbers of 2 and 4 bits, several of which share a byte with the first in its lowest bits, come as int8 or
 * uint8, floats of 4 and 8 bits as float32, without any loss.
 * @throws DistilleryError `BAD_FILE` or `UNSUPPORTED` naming the tensor
 */
export function wideTensor(stored: TensorProto): Tensor {
  const form = narrow[stored.dataType];
  if (!form) return decodeTensor(stored);
  checkTensorLength(stored);
  const shape = dimensionsOfProto(stored);
  const bytes = stored.rawData.length > 0 ? stored.rawData : Uint8Array.from(stored.int32Data);
  const perByte = 8 / form.bits;
  const digits = Uint8Array.from(
    { length: elementCount(shape) },
    (_, at) => ((bytes[Math.floor(at / perByte)] ?? 0) >> (form.bits * (at % perByte))) & (2 ** form.bits - 1),
  );
  if (form.kind !== 'whole')
    return floatTensor(
      Float32Array.from(digits, (digit) => floatOf(digit, form)),
      shape,
    );
  if (!form.isSigned) return { type: 'uint8', shape, data: digits };
  const half = 2 ** (form.bits - 1);
  return { type: 'int8', shape, data: Int8Array.from(digits, (digit) => (digit < half ? digit : digit - 2 * half)) };
}

function floatOf(digit: number, form: Exclude<Narrow, { kind: 'whole' }>): number {
  if (form.kind === 'exponent') return digit === 255 ? Number.NaN : 2 ** (digit - 127);
  const { bits, mantissa, bias, without } = form;
  const signBit = 2 ** (bits - 1);
  const magnitude = digit % signBit;
  const sign = digit < signBit ? 1 : -1;
  if (without === 'negative-zero' && digit === signBit) return Number.NaN;
  if (without === 'ones' && magnitude === signBit - 1) return Number.NaN;
  const [exponent, fraction] = [Math.floor(magnitude / 2 ** mantissa), (magnitude % 2 ** mantissa) / 2 ** mantissa];
  if (without === 'ieee' && exponent === 2 ** (bits - 1 - mantissa) - 1)
    return fraction > 0 ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}
