import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../../errors.ts';
import { exportModel } from '../../../onnx/exporting/exportModel.ts';
import { encodeModel, saveModel } from '../../../onnx/file.ts';
import { Graph } from '../../../onnx/graph.ts';
import { forkProgram } from '../../../platform/processes/childProgram.ts';
import { onceEnded } from '../../../platform/processes/onceEnded.ts';
import { newTemporaryFolder } from '../../../platform/newTemporaryFolder.ts';
import type { FilledInput, MemoryTrial, MemoryTrialResult, TriedModel } from './memoryTrial.ts';
import { batchShape, type NetworkFile } from '../networkFile.ts';

/** A process that takes longer to load and run a network hangs. */
const TIMEOUT_MS = 120_000;

export interface MemoryOptions {
  /** Dimensions of the samples that the networks are fed. */
  readonly sampleShape: readonly number[];
  /** Samples at a time, in ascending order: the peak of a small batch is over before the next is run. */
  readonly batchSizes: readonly number[];
}

/**
 * Measures how much memory networks take that answer together: a process of its own loads them with ONNX Runtime on the CPU and
 * runs a batch of each size. For every batch size, by how many bytes the peak resident memory of that process has grown until then
 * since ONNX Runtime had been loaded and a network of one operator run. Inputs and outputs are part of it.
 *
 * Never throws: where a process fails, the result says why.
 */
export async function measureMemory(
  models: readonly NetworkFile[],
  { sampleShape, batchSizes }: MemoryOptions,
): Promise<MemoryTrialResult> {
  let folder: string | undefined;
  try {
    const tried: TriedModel[] = [];
    for (const [index, model] of models.entries()) {
      let { path } = model.file;
      if (model.isAdapted) {
        folder ??= await newTemporaryFolder('memory');
        path = join(folder, `${index}.onnx`);
        await saveModel(path, model.file.proto);
      }
      const batches = batchSizes.map((batchSize) => filledInputs(model, batchShape(model, { sampleShape, batchSize })));
      tried.push({ path, batches });
    }
    return await tryInChild({ idle: idleNetwork(), models: tried });
  } catch (error) {
    return { reason: messageOf(error) };
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Zeros, which are tokens, too, and a mask that hides none. */
function filledInputs({ inputs }: NetworkFile, shape: readonly number[]): readonly FilledInput[] {
  const [batch = 1] = shape;
  return inputs.map(({ name, type, role, taken }) => ({
    name,
    type: type === 'int64' || type === 'int32' || type === 'uint8' ? type : 'float32',
    shape: taken ? [batch, ...taken.shape] : shape,
    fill: role === 'mask' ? 1 : 0,
  }));
}

function idleNetwork(): Uint8Array {
  const graph = new Graph();
  graph.output(graph.op('Relu', [graph.input('x', 'float32', [1])]));
  return encodeModel(exportModel(graph, { name: 'idle' }));
}

function tryInChild(trial: MemoryTrial): Promise<MemoryTrialResult> {
  const child = forkProgram('memoryTrialProcess', import.meta.url, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    timeout: TIMEOUT_MS,
  });
  return new Promise((resolve) => {
    const fail = (reason: string): void => {
      resolve({ reason });
    };
    child.once('message', (result) => {
      resolve(result as MemoryTrialResult);
    });
    child.once('error', (error) => {
      fail(error.message);
    });
    onceEnded(child, (code, signal) => {
      if (signal === 'SIGTERM') fail(`its process did not answer within ${TIMEOUT_MS / 1000} s`);
      else fail(`its process ended (${signal ?? `exit code ${code ?? '?'}`})`);
    });
    child.send(trial);
  });
}
