import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { elementCount, floatTensor, type FloatTensor } from '../../onnx/tensor.ts';

/** Named tensors, and texts that describe them. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
/** Where the header keeps texts. */
export const METADATA = '__metadata__';

const headerSchema = z.object({ [METADATA]: z.record(z.string(), z.string()).default({}) }).catchall(
  z.object({
    dtype: z.literal('F32'),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

/** A file in the safetensors format (https://github.com/huggingface/safetensors#format): a JSON header, then the elements. */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  const entries = [...tensors].map(([name, { shape, data }]) => {
    return { name, dtype: 'F32', shape, bytes: data.byteLength } as const;
  });
  const header = encodeHeader(entries, metadata);
  const file = new Uint8Array(header.length + entries.reduce((sum, { bytes }) => sum + bytes, 0));
  file.set(header);
  let position = header.length;
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/** What of a safetensors file comes before the elements: the length of the header and the header, which lists the tensors in order. */
export function encodeHeader(
  entries: readonly {
    readonly name: string;
    readonly dtype: 'F32' | 'F16';
    readonly shape: readonly number[];
    readonly bytes: number;
  }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const described = entries.map(({ name, dtype, shape, bytes }) => {
    const start = offset;
    offset += bytes;
    return [name, { dtype, shape, data_offsets: [start, offset] }] as const;
  });
  const text = JSON.stringify({ [METADATA]: metadata, ...Object.fromEntries(described) });
  const unaligned = new TextEncoder().encode(text).length;
  // The format aligns the elements by filling the header up with spaces.
  const header = new TextEncoder().encode(
    text + ' '.repeat((LENGTH_BYTES - (unaligned % LENGTH_BYTES)) % LENGTH_BYTES),
  );
  const prefixed = new Uint8Array(LENGTH_BYTES + header.length);
  new DataView(prefixed.buffer).setBigUint64(0, BigInt(header.length), true);
  prefixed.set(header, LENGTH_BYTES);
  return prefixed;
}

/**
 * Reads what `encodeTensors` wrote.
 * @param path of the file, for the error
 * @throws DistilleryError `BAD_FILE` when the file is damaged or holds other types than float32
 */
export function decodeTensors(file: Uint8Array, path: string): TensorFile {
  const refuse = (cause?: unknown): DistilleryError =>
    new DistilleryError('BAD_FILE', `'${path}' is damaged, or no file of float32 tensors.`, { cause });
  if (file.length < LENGTH_BYTES) throw refuse();
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (start > file.length) throw refuse();
  let header: z.output<typeof headerSchema>;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(file.subarray(LENGTH_BYTES, start))));
  } catch (cause) {
    throw refuse(cause);
  }
  const { [METADATA]: metadata, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, { shape, data_offsets: offsets }]) => {
    const [from, to] = offsets;
    const bytes = elementCount(shape) * Float32Array.BYTES_PER_ELEMENT;
    if (start + to > file.length || to - from !== bytes) throw refuse();
    // A copy, because elements in the middle of a file need not lie at a multiple of four bytes.
    const { buffer } = new Uint8Array(file.subarray(start + from, start + to));
    return [name, floatTensor(new Float32Array(buffer), shape)] as const;
  });
  return { tensors: new Map(tensors), metadata };
}
