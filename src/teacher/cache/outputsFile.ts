import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { DistilleryError } from '../../errors.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { encodeHeader, METADATA } from '../../training/checkpoints/safetensors.ts';
import { writeAtomically } from '../../platform/writeAtomically.ts';
import { decodeFloat16Array, encodeFloat16Array } from '../../onnx/float16.ts';

/** How numbers are stored. */
export type Precision = 'float32' | 'float16';

/** What a person should know of stored outputs. */
export interface OutputsDescription {
  /** Path of the teacher's file. */
  readonly teacher: string;
  /** Path of the dataset, as the experiment names it. */
  readonly dataset: string;
  readonly split: 'training' | 'validation';
  /** Which of the altered views of its samples, counted from 0; undefined where they are as they were. */
  readonly view?: number | undefined;
  /** Number of samples. */
  readonly count: number;
  readonly precision: Precision;
  /** When they were computed, as ISO 8601. */
  readonly created: string;
}

/** A teacher's outputs, [count, …] by name. */
export type Outputs = ReadonlyMap<string, Float32Array>;

const LENGTH_BYTES = 8;
const LONGEST_HEADER = 2 ** 20;

const metadataSchema = z.object({
  teacher: z.string(),
  dataset: z.string(),
  split: z.enum(['training', 'validation']),
  view: z.coerce.number().int().nonnegative().optional(),
  count: z.coerce.number().int().positive(),
  precision: z.enum(['float32', 'float16']),
  created: z.iso.datetime(),
  /** SHA-256 of the elements of all tensors. */
  sha256: z.string(),
});

const headerSchema = z
  .object({ [METADATA]: metadataSchema })
  .catchall(
    z.object({
      dtype: z.enum(['F32', 'F16']),
      shape: z.tuple([z.int().positive(), z.int().positive()]),
      data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
    }),
  )
  .transform(({ [METADATA]: metadata, ...tensors }) => ({ metadata, tensors: Object.entries(tensors) }));

/** What a file says of itself. */
export type OutputsHeader = z.output<typeof headerSchema>;

/** The numbers as they come back from a file of this precision. @param exact names of what is not rounded */
export function asStored(outputs: Outputs, precision: Precision, exact: readonly string[] = []): Outputs {
  if (precision === 'float32') return outputs;
  return new Map(
    [...outputs].map(([name, values]) => [
      name,
      exact.includes(name) ? values : decodeFloat16Array(encodeFloat16Array(values)),
    ]),
  );
}

/**
 * Writes outputs as a file in the safetensors format (https://github.com/huggingface/safetensors#format), whole or not at all.
 *
 * @param exact names of what is not rounded
 * @returns its size in bytes
 */
export async function writeOutputs(
  path: string,
  outputs: Outputs,
  description: OutputsDescription,
  exact: readonly string[] = [],
): Promise<number> {
  const { count, precision } = description;
  const hash = createHash('sha256');
  const parts: Uint8Array[] = [];
  const entries = [...outputs].map(([name, values]) => {
    const isRounded = precision === 'float16' && !exact.includes(name);
    const { buffer, byteOffset, byteLength } = isRounded ? encodeFloat16Array(values) : values;
    const part = new Uint8Array(buffer, byteOffset, byteLength);
    hash.update(part);
    parts.push(part);
    const dtype = isRounded ? 'F16' : 'F32';
    return { name, dtype, shape: [count, values.length / count], bytes: byteLength } as const;
  });
  const content = [encodeHeader(entries, metadataOf(description, hash.digest('hex'))), ...parts];
  await writeAtomically(path, content);
  return content.reduce((sum, { length }) => sum + length, 0);
}

/** The texts of a header. @param sha256 of the elements of all tensors */
export function metadataOf(description: OutputsDescription, sha256: string): Readonly<Record<string, string>> {
  const { count, view, ...described } = description;
  return { ...described, ...(view !== undefined && { view: String(view) }), count: String(count), sha256 };
}

/** @throws DistilleryError `BAD_FILE` when the file is cut off, altered or something else */
export async function readOutputs(path: string): Promise<Outputs> {
  const file = await open(path, 'r');
  try {
    const { header, start } = await readHeader(file, path);
    const hash = createHash('sha256');
    const outputs = new Map<string, Float32Array>();
    for (const [name, { dtype, shape, data_offsets: offsets }] of header.tensors) {
      const stored = dtype === 'F16' ? new Uint16Array(elementCount(shape)) : new Float32Array(elementCount(shape));
      const bytes = new Uint8Array(stored.buffer);
      if (offsets[1] - offsets[0] !== bytes.length) throw damaged(path);
      await fill(file, bytes, start + offsets[0], path);
      hash.update(bytes);
      outputs.set(name, stored instanceof Uint16Array ? decodeFloat16Array(stored) : stored);
    }
    if (hash.digest('hex') !== header.metadata.sha256) throw damaged(path);
    return outputs;
  } finally {
    await file.close();
  }
}

/** What stored outputs are, without their numbers. @throws DistilleryError `BAD_FILE` when the file is something else */
export async function describeOutputs(path: string): Promise<OutputsDescription> {
  const file = await open(path, 'r');
  try {
    const { teacher, dataset, split, view, count, precision, created } = (await readHeader(file, path)).header.metadata;
    return { teacher, dataset, split, view, count, precision, created };
  } finally {
    await file.close();
  }
}

/** The header, and where the elements begin. @throws DistilleryError `BAD_FILE` when the file is cut off or something else */
export async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ readonly header: OutputsHeader; readonly start: number }> {
  const prefix = new Uint8Array(LENGTH_BYTES);
  await fill(file, prefix, 0, path);
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true));
  if (length > LONGEST_HEADER) throw damaged(path);
  const text = new Uint8Array(length);
  await fill(file, text, LENGTH_BYTES, path);
  const start = LENGTH_BYTES + length;
  let header: OutputsHeader;
  try {
    header = headerSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch (cause) {
    throw damaged(path, cause);
  }
  const { size } = await file.stat();
  const end = header.tensors.reduce((most, [, { data_offsets: offsets }]) => Math.max(most, offsets[1]), 0);
  // Looked at before memory is taken for what the header promises.
  if (start + end !== size) throw damaged(path);
  return { header, start };
}

/** Reads bytes from a position on. @throws DistilleryError `BAD_FILE` when there are not as many */
export async function fill(file: FileHandle, target: Uint8Array, position: number, path: string): Promise<void> {
  let filled = 0;
  while (filled < target.length) {
    const wanted = Math.min(target.length - filled, 2 ** 30);
    const { bytesRead } = await file.read(target, filled, wanted, position + filled);
    if (bytesRead === 0) throw damaged(path);
    filled += bytesRead;
  }
}

/** What is said of a file that does not hold what its name says. */
export function damaged(path: string, cause?: unknown): DistilleryError {
  return new DistilleryError('BAD_FILE', `'${path}' is damaged, or holds no outputs of a teacher.`, { cause });
}
