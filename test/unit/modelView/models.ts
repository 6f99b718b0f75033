import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeModel } from '../../../src/onnx/file.ts';
import type { ModelProto } from '../../../src/onnx/onnx_pb.ts';
import { floatTensor } from '../../../src/onnx/tensor.ts';
import { storedModel, type StoredGraphOptions } from '../../support/storedModel.ts';

/** A folder of its own for the tests of one `describe`, taken away after them. */
export function temporaryFolder(): () => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'distillery-models-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}

/** Writes a model and gives its path. */
export function written(folder: string, name: string, model: ModelProto): string {
  const path = join(folder, name);
  writeFileSync(path, encodeModel(model));
  return path;
}

/** Numbers that are told apart: 0, 0.5, 1, … */
export function ramp(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => index / 2);
}

/** A dense layer, long enough that its weight is left in the file, a bias and a Relu. */
export function denseModel(changes: Partial<StoredGraphOptions> & { readonly weight?: Float32Array } = {}): ModelProto {
  const { weight = ramp(64 * 32), ...graph } = changes;
  return storedModel(17, {
    inputs: { x: ['N', 64] },
    initializers: { weight: floatTensor(weight, [64, 32]), bias: floatTensor(ramp(32)) },
    nodes: [
      ['Gemm', 'x weight bias', 'hidden'],
      ['Relu', 'hidden', 'y'],
    ],
    outputs: ['y'],
    ...graph,
  });
}
