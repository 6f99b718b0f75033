import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import type { DatasetOptions } from '../../src/data/dataset.ts';
import type { Split } from '../../src/data/samples/split.ts';
import { BadInputError, type Problem } from '../../src/errors.ts';

/** A fresh folder; whoever makes it removes it with `removeFolder`. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'distillery-test-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** What the experiment schema fills in for tables and texts. */
export const TABLE_DEFAULTS = { scaling: 'standard', length: 128, vocabulary: 10_000 } as const;

/** Options of a dataset as the experiment schema fills them in. */
export function datasetOptions(path: string, changes: Partial<DatasetOptions> = {}): DatasetOptions {
  return { path, validation: 0.1, test: 0.2, normalization: 'none', fit: 'cover', ...TABLE_DEFAULTS, ...changes };
}

/** The problems that a promise is rejected with. */
export async function problemsOf(promise: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof BadInputError, `expected a BadInputError, got ${String(error)}`);
    assert.ok(error.problems.length > 0);
    return error.problems;
  }
  assert.fail('expected a BadInputError, but nothing was wrong');
}

/** Asserts that exactly these problems were found: one pattern for each message, in any order. */
export async function assertProblems(
  promise: Promise<unknown>,
  expected: readonly RegExp[],
  where = 'dataset.path',
): Promise<void> {
  const problems = await problemsOf(promise);
  const told = problems.map(({ message }) => message).join('\n');
  for (const pattern of expected) assert.match(told, pattern);
  assert.equal(problems.length, expected.length, told);
  for (const problem of problems) assert.equal(problem.where, where);
}

/** The class of every sample. */
export function labelsOf({ targets }: Pick<Split, 'targets'>): Int32Array {
  assert.ok(targets.kind === 'classes');
  return targets.labels;
}

/** Values of the samples at `indices`. */
export async function readSamples(split: Split, indices: readonly number[], sampleSize: number): Promise<Float32Array> {
  const target = new Float32Array(indices.length * sampleSize);
  await split.read(indices, target);
  return target;
}

/** An IDX file of unsigned bytes. */
export function idxFile(dimensions: readonly number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 0x08;
  header[3] = dimensions.length;
  for (const [axis, dimension] of dimensions.entries()) header.writeUInt32BE(dimension, 4 + 4 * axis);
  return Buffer.concat([header, Uint8Array.from(values)]);
}

/** A Windows bitmap; `rows` are its pixel bytes as they lie in the file. A negative height means rows from the top. */
export function bmpFile(image: {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly rows: readonly number[];
  readonly palette?: readonly number[];
}): Buffer {
  const palette = Buffer.from(image.palette ?? []);
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(54 + palette.length + image.rows.length, 2);
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(image.width, 18);
  header.writeInt32LE(image.height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(image.bits, 28);
  return Buffer.concat([header, palette, Buffer.from(image.rows)]);
}
